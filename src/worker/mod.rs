//! The training thread: [`Command`]s in, [`Event`]s out.

mod protocol;

pub use protocol::{
    BatchProgress, Command, Event, FeatureMapRequest, ImagePage, ImageRequest, LabelledImage,
    Order, Outcome, RunFacts, RunId, TrainRequest,
};
