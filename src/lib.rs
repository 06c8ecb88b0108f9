//! convscope: a laboratory for convolutional networks in the terminal.

pub mod analysis;
pub mod data;
pub mod field;
pub mod kernels;
pub mod layers;
pub mod network;
pub mod ops;
pub mod shape;
pub mod training;
pub mod worker;
