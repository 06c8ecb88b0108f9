//! Changes to the current run by the user.

use super::{Activity, NetworkDesk};
use crate::session::Session;
use crate::worker::commands::Steering;
use crate::worker::events::Event;
use crate::worker::run_facts::{InUse, Outcome};

impl NetworkDesk {
    pub(super) fn pause(&mut self) {
        if self.activity == Activity::Training {
            self.activity = Activity::Paused;
            self.events.send(Event::Paused { run: self.run });
        }
    }

    pub(super) fn resume(&mut self) {
        match self.activity {
            Activity::Paused => {
                self.activity = Activity::Training;
                self.events.send(Event::Resumed { run: self.run });
            }
            Activity::Waiting => {
                if self.save() {
                    self.go_on_after_waiting();
                }
            }
            Activity::Idle | Activity::Training => {}
        }
    }

    /// Works until a batch is trained or an epoch ends, and stays paused.
    pub(super) fn step_once(&mut self) {
        self.pause();
        while self.activity == Activity::Paused {
            let Some(session) = &self.session else { return };
            let (steps, epochs) = (session.trainer().steps(), session.history().len());
            self.advance();
            let Some(session) = &self.session else { return };
            if session.trainer().steps() != steps || session.history().len() != epochs {
                return;
            }
        }
    }

    pub(super) fn steer(&mut self, steering: Steering) -> Result<(), String> {
        if self.activity == Activity::Idle {
            return Err("no run is in progress; start one first".into());
        }
        let Some(session) = &mut self.session else {
            return Ok(());
        };
        let epoch = session.history().len() + 1;
        let change = match steering {
            Steering::LearningRate(rate) if !(0.0..1e6).contains(&rate) => {
                return Err(format!(
                    "learning_rate: expected a number of at least 0 and below 1000000, got {rate}"
                ));
            }
            Steering::LearningRate(rate) => session.set_learning_rate(rate),
            Steering::Augment(augment) => session
                .set_augment(augment)
                .map_err(|error| error.to_string())?,
            Steering::Dataset(name) => session
                .set_dataset(self.library.set(&name)?)
                .map_err(|error| error.to_string())?,
            Steering::StopAfterEpoch(stop) => {
                let before = std::mem::replace(&mut self.stop_after_epoch, stop);
                (before != stop).then(|| match stop {
                    true => "stop after this epoch".to_owned(),
                    false => "no stop after this epoch".to_owned(),
                })
            }
        };
        self.tell_change(epoch, change);
        Ok(())
    }

    pub(super) fn restore_best(&mut self) -> Result<(), String> {
        let session = self
            .session
            .as_mut()
            .ok_or("nothing has been trained yet; start a run first")?;
        session.claim().map_err(|error| error.to_string())?;
        let epoch = session.history().len() + 1;
        let restored = session.restore_best();
        let is_idle = self.activity == Activity::Idle;
        if let Ok(change) = &restored {
            self.memory.forget();
            self.tell_change(epoch, Some(change.clone()));
            if is_idle {
                self.save();
            }
        }
        if is_idle {
            self.let_go();
        }
        restored.map(drop).map_err(|error| error.to_string())
    }

    pub(super) fn tell_change(&self, epoch: usize, change: Option<String>) {
        if let (Some(change), Some(session)) = (change, &self.session) {
            self.events.send(Event::Changed {
                run: self.run,
                epoch,
                change,
                in_use: self.in_use(session),
                name: session.preset().name.clone(),
            });
        }
    }

    /// The current settings of the session.
    pub(super) fn in_use(&self, session: &Session) -> InUse {
        let trainer = session.trainer();
        InUse {
            learning_rate: trainer.learning_rate(),
            augment: trainer.augment().copied(),
            set: self.library.names_of(trainer.dataset()),
            stops_after_epoch: self.stop_after_epoch,
        }
    }

    pub(super) fn stop(&mut self) {
        if self.activity != Activity::Idle {
            self.save();
            let epochs = self
                .session
                .as_ref()
                .map_or(0, |session| session.history().len());
            self.end(Outcome::Stopped { epochs });
        }
    }
}
