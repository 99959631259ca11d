//! The shell seen from outside, through real sockets: HTTP's own rules, time limits, stopping, tracing, pages, the
//! program's settings, and its commands. What the document describes is tested elsewhere; a probe answers here instead.

mod accounts;
mod crowd;
mod house;
mod pages;
mod printing;
mod program;
mod raw;
mod rules;
mod seeding;
mod stopping;
mod timing;
mod tracing;
mod transfer;
