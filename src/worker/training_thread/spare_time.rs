//! Questions about the network that wait until they cost training little time.

use std::time::{Duration, Instant};

use super::{Activity, NetworkDesk};
use crate::worker::question::{Question, Tell};

/// The shortest time between answers: a page of 16 maps is 7 KB at 80×24, and the budget while training is 2 KB per second.
const BETWEEN_LOOKS: Duration = Duration::from_secs(4);
/// Answers may use at most one part in this many of the time.
const SHARE_OF_TIME: u32 = 50;

type Look = Box<dyn FnOnce(&mut NetworkDesk) + Send>;

/// The waiting question, and the last one.
#[derive(Default)]
pub(super) struct SpareTime {
    waiting: Option<Look>,
    /// When the last one ended, and how long it took.
    last: Option<(Instant, Duration)>,
}

impl SpareTime {
    fn is_there(&self) -> bool {
        self.last
            .is_none_or(|(at, cost)| at.elapsed() >= BETWEEN_LOOKS.max(SHARE_OF_TIME * cost))
    }
}

impl NetworkDesk {
    /// Answers a question about the current network: immediately, or, if it `waits` during training, once it costs less than a fiftieth of
    /// the time. A newer question replaces a waiting one. A failure or panic becomes a message.
    pub fn look<Q: Question>(
        &mut self,
        tell: &Tell<Q>,
        waits: bool,
        look: impl FnOnce(&mut Self, &Tell<Q>) -> Result<(), String> + Send + 'static,
    ) {
        let tell = tell.clone();
        self.spare_time.waiting = Some(Box::new(move |desk| {
            if tell.is_wanted() {
                tell.guard(|| look(desk, &tell));
            }
        }));
        if !waits {
            self.spare_time.last = None;
        }
        self.look_in_spare_time();
    }

    /// Answers the waiting question, if it is due.
    pub(super) fn look_in_spare_time(&mut self) {
        let is_due = self.activity != Activity::Training || self.spare_time.is_there();
        if is_due && let Some(look) = self.spare_time.waiting.take() {
            let started = Instant::now();
            look(self);
            self.spare_time.last = Some((Instant::now(), started.elapsed()));
        }
    }
}
