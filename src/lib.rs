//! convscope: a laboratory for convolutional networks in the terminal.
//!
//! The program is this library and a binary of a few lines. The modules below stand in the order of their layering: each may
//! import those above it that `tests/layering.rs` lists for it, never one below.
//!
//! | module | what lives there |
//! |---|---|
//! | [`folders`] | where the system has the program keep things for its user |
//! | [`log`] | what a person attaches to a report: a file of what the program did, and of every panic |
//! | [`wording`] | numbers in words |
//! | [`shape`] | height, width and channels, and the arithmetic of sliding windows |
//! | [`field`] | things that a person configures, as data: kinds with described fields |
//! | [`kernels`] | slices in, slices out: the arithmetic of every layer, and the naive twins that define it |
//! | [`ops`] | each op's forward and backward as one entry on dfdx's tape |
//! | [`layers`] | one file a layer type, and the list `LAYERS` |
//! | [`network`] | what a person wrote, what shape inference accepted, and the weights |
//! | [`data`] | data sets: the ones in the program, files, folders, drawn ones; augmentation |
//! | [`training`] | recipe, preset, trainer, optimizers, the figures of an epoch |
//! | [`analysis`] | what a trained network does and why |
//! | [`runs`] | run folders on disk |
//! | [`session`] | one training from its first batch to its end, without thread or screen |
//! | [`worker`] | the threads that work: commands in, events out |
//! | [`lab`] | the facts that all panes share, and what a pane, an action and an overlay are: no input or output, no clock |
//! | [`ui`] | widgets, themes, keys, the terminal |
//! | [`overlays`] | the kinds of what opens over a pane: a list, a question, a name, a form |
//! | [`panes`] | one folder a pane: its facts, actions, questions and pictures |
//! | [`screen`] | all panes as one: what a key does where, help, leaving |
//! | [`app`] | the event loop between terminal, screen and worker |
//! | [`cli`] | one file a subcommand |
//!
//! # The way of a key
//!
//! key → what lies over the panes, or the focused pane → an [`lab::Action`] → its facts and those of the [`lab::Lab`], and
//! [`worker::Command`]s → what draws them. Commands go to the worker; its [`worker::Event`]s and the answers to questions come back. So every
//! screen can be tested by keys and events in and a buffer out.
//!
//! # Where to add what
//!
//! A layer is a file in `layers/` and a line in its list; an optimizer, a subcommand, a pane, a format of data and a preset likewise. Parser, forms,
//! menus, help and tests derive from the lists.

// What tests, benches and the binary may do, the library may not.
#![warn(clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

pub mod folders;

pub mod log;

pub mod wording;

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

// The program's own upper floors: open for its tests, and no part of what the library offers.

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
