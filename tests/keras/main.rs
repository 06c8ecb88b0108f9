//! The engine against Keras's own numbers, which `tests/reference` has.

mod affine;
mod networks;
mod optimizers;
mod support;
mod training;
