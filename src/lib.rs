pub mod data;
pub mod shape;
