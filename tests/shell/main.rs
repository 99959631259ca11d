//! The shell seen from outside, through real sockets: HTTP's own rules, time limits, stopping, tracing, pages, the
//! program's settings, and its commands. What the document describes is tested elsewhere; a probe answers here instead.

#[path = "../support/ground.rs"]
mod ground;

mod accounts;
mod asking;
mod backup;
mod cors;
mod crowd;
mod doctor;
mod doctor_certificate;
mod doctor_servers;
mod doors;
mod failures;
mod first_run;
mod house;
mod keys;
mod levels;
mod on_a_server;
mod pages;
mod printing;
mod program;
mod raw;
mod restore;
mod rules;
mod seeding;
mod shortcuts;
mod slow;
mod stopping;
mod timing;
mod tls;
mod traces;
mod tracing;
mod transfer;
