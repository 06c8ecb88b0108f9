//! convscope: a laboratory for convolutional networks in the terminal.

pub mod analysis;
pub mod app;
pub mod cli;
pub mod data;
pub mod field;
pub mod kernels;
pub mod layers;
pub mod network;
pub mod ops;
pub mod runs;
pub mod shape;
pub mod state;
pub mod training;
pub mod ui;
pub mod worker;
