//! Reading, finding, making and changing data sets.

mod archives;
mod arrays;
mod augmentation;
mod cifar;
mod corpus;
mod csv;
mod damage;
mod fetch;
mod idx;
mod image_folders;
mod images;
mod locate;
mod making;
mod npz;
mod pictures;
mod public;
mod written;
