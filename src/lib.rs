//! convscope: a laboratory for convolutional networks in the terminal.
//!
//! The program is this library and a binary of a few lines. The modules are listed in the order of their layers: each may import
//! the modules above it that `tests/layering.rs` lists for it, never one below.
//!
//! | module | contents |
//! |---|---|
//! | [`folders`] | where to keep user data, configuration and state on each system |
//! | [`log`] | the log file for bug reports: what the program did, and every panic |
//! | [`wording`] | numbers, counts and the reasons of the system as text |
//! | [`statistics`] | how runs compare: means over seeds, McNemar's test, effects of factors; plain numbers only |
//! | [`axis`] | the arithmetic of a chart's axes: ranges, round ticks and their labels |
//! | [`picture`] | pictures for papers and reports: charts and screens as SVG, PNG and TeX |
//! | [`shape`] | height, width and channels, and the arithmetic of sliding windows |
//! | [`field`] | settings as data: kinds with described fields |
//! | [`kernels`] | slices in, slices out: the arithmetic of every layer, and its naive reference implementation |
//! | [`ops`] | the forward and backward pass of each op, as one entry on dfdx's tape |
//! | [`layers`] | one file per layer type, and the list `LAYERS` |
//! | [`network`] | a network as written, as accepted by shape inference, and its weights |
//! | [`data`] | data sets: built-in, from files and folders, drawn; augmentation |
//! | [`training`] | recipe (the training settings), preset, trainer, optimizers, the metrics of an epoch |
//! | [`analysis`] | what a trained network does, and why: evaluation, activations, explanations |
//! | [`runs`] | run folders on disk |
//! | [`session`] | one run from its first batch to its end, without threads or screen |
//! | [`sweep`] | many runs of one preset: what to vary, who trains it, what came of it |
//! | [`report`] | reports of runs and sweeps as HTML and Markdown |
//! | [`worker`] | the worker threads: commands in, events out |
//! | [`lab`] | the state that all panes share, and the traits of panes, actions and overlays: no I/O, no clock |
//! | [`ui`] | widgets, themes, keys, the terminal |
//! | [`overlays`] | overlays that several panes use: list, question, name, form |
//! | [`panes`] | one folder per pane: its state, actions, questions and drawing |
//! | [`screen`] | all panes together: key dispatch, help, quitting |
//! | [`app`] | the event loop between terminal, screen and worker |
//! | [`cli`] | one file per subcommand |
//!
//! # From a key to the screen
//!
//! key → the overlay, or the focused pane → an [`lab::Action`] → changes to the pane's state and the [`lab::Lab`], and
//! [`worker::Command`]s → drawing. Commands go to the worker; its [`worker::Event`]s and the answers to questions come back. So every
//! screen can be tested with keys and events as input and a buffer as output.
//!
//! # Extending it
//!
//! A layer is a file in `layers/` and a line in its list. Optimizers, subcommands, panes, data formats and presets work the same way. Parser,
//! forms, menus, help and tests derive from the lists. `docs/adding.md` has the steps.

// Tests, benches and the binary may do these; the library may not.
#![warn(clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

pub mod folders;

pub mod log;

pub mod wording;

pub mod text_file;

pub mod axis;
pub mod statistics;

pub mod picture;

pub mod shape;

pub mod field;

pub mod kernels;

pub mod ops;

pub mod layers;

pub mod network;

pub mod data;

pub mod training;

pub mod analysis;

pub mod runs;

pub mod session;

pub mod sweep;

pub mod report;

// The program's upper layers: public for its tests, not part of the library's interface.

#[doc(hidden)]
pub mod worker;

#[doc(hidden)]
pub mod lab;

#[doc(hidden)]
pub mod ui;

#[doc(hidden)]
pub mod overlays;

#[doc(hidden)]
pub mod panes;

#[doc(hidden)]
pub mod screen;

#[doc(hidden)]
pub mod app;

pub mod cli;
