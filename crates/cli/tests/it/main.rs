//! The binary as users meet it: whole outputs, exit codes, error messages.

mod check;
mod fmt;
mod help;
mod new;
mod run;
