//! The commands, as a shell starts them: what they print, write and end with.

mod bench;
#[path = "../cli_support/mod.rs"]
mod cli_support;
mod corrections;
mod data;
mod files;
mod forms;
mod names;
mod opening;
mod pictures;
mod report;
mod resume;
mod run;
mod runs;
mod shot;
mod stretches;
mod texts;
mod train;
mod usage;
mod writers;
