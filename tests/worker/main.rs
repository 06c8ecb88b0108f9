//! The worker through its commands and questions, with real threads and files.

mod builder;
#[path = "../cli_support/mod.rs"]
mod cli_support;
mod data;
mod inside;
mod results;
mod runs;
mod sets;
mod stretches;
mod support;
mod sweeps;
mod training;
