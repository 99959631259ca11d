//! The shell seen from outside, through real sockets: HTTP's own rules, time limits, stopping, tracing, pages, the
//! program's settings, and its commands. What the document describes is tested elsewhere; a probe answers here instead.

mod accounts;
mod backup;
mod crowd;
mod doctor;
mod first_run;
mod house;
mod keys;
mod pages;
mod printing;
mod program;
mod raw;
mod restore;
mod rules;
mod seeding;
mod stopping;
mod timing;
mod tracing;
mod transfer;
