//! The training thread: [`Command`]s in, [`Event`]s out.

mod protocol;
mod session;

pub use protocol::{
    BatchProgress, Command, Event, FeatureMapRequest, ImagePage, ImageRequest, LabelledImage,
    Order, Outcome, RunFacts, RunId, TrainRequest,
};
pub use session::{EpochEnd, Plan, Session, SessionError, SessionEvent, check_preset, thread_pool};
