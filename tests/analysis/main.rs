//! What is worked out from a network and its predictions.

mod drawing;
mod explain;
mod health;
mod layers;
mod moving;
mod predictions;
mod support;
