pub mod kernels;
pub mod ops;
pub mod shape;
