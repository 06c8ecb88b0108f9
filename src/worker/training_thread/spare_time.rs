//! Looks that wait until they cost the training little.

use std::time::{Duration, Instant};

use super::{Activity, NetworkDesk};
use crate::worker::question::{Question, Tell};

/// They come no more often than this: a page of 16 maps is 7 KB at 80×24, and training may send 2 KB a second.
const BETWEEN_LOOKS: Duration = Duration::from_secs(4);
/// Looking may take this part of the time.
const SHARE_OF_TIME: u32 = 50;

type Look = Box<dyn FnOnce(&mut NetworkDesk) + Send>;

/// The look that waits, and the last one.
#[derive(Default)]
pub(super) struct SpareTime {
    waiting: Option<Look>,
    /// When it ended, and how long it took.
    last: Option<(Instant, Duration)>,
}

impl SpareTime {
    fn is_there(&self) -> bool {
        self.last
            .is_none_or(|(at, cost)| at.elapsed() >= BETWEEN_LOOKS.max(SHARE_OF_TIME * cost))
    }
}

impl NetworkDesk {
    /// Looks at the network as it stands: at once, or, where it `waits` while something is trained, as soon as looking costs the training
    /// less than a fiftieth of its time. A newer look takes the place of one that waits. A failure or panic becomes a sentence.
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

    /// Does the look that waits, if its time has come.
    pub(super) fn look_in_spare_time(&mut self) {
        let is_due = self.activity != Activity::Training || self.spare_time.is_there();
        if is_due && let Some(look) = self.spare_time.waiting.take() {
            let started = Instant::now();
            look(self);
            self.spare_time.last = Some((Instant::now(), started.elapsed()));
        }
    }
}
