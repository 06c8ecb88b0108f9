//! The commands that wait for a thread.

use std::collections::VecDeque;
use std::mem::discriminant;
use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use super::protocol::Command;

/// Commands in their order, without the pictures and predictions that a later request of the same kind replaces: whoever draws faster
/// than the network looks sees the latest stroke and waits for none of the others.
pub struct Inbox<'a> {
    receiver: &'a Receiver<Command>,
    waiting: VecDeque<Command>,
}

impl<'a> Inbox<'a> {
    pub fn new(receiver: &'a Receiver<Command>) -> Self {
        Self {
            receiver,
            waiting: VecDeque::new(),
        }
    }

    /// The next command, as soon as there is one.
    pub fn recv(&mut self) -> Result<Command, RecvError> {
        match self.try_recv() {
            Ok(command) => Ok(command),
            Err(TryRecvError::Disconnected) => Err(RecvError),
            Err(TryRecvError::Empty) => self.receiver.recv(),
        }
    }

    /// The next command, as soon as there is one within `patience`.
    pub fn recv_timeout(&mut self, patience: Duration) -> Result<Command, RecvTimeoutError> {
        match self.try_recv() {
            Ok(command) => Ok(command),
            Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
            Err(TryRecvError::Empty) => self.receiver.recv_timeout(patience),
        }
    }

    /// The next command, if there is one now.
    pub fn try_recv(&mut self) -> Result<Command, TryRecvError> {
        let end = loop {
            match self.receiver.try_recv() {
                Ok(command) => self.waiting.push_back(command),
                Err(end) => break end,
            }
        };
        while let Some(command) = self.waiting.pop_front() {
            let is_replaced = is_picture(&command)
                && self
                    .waiting
                    .iter()
                    .any(|later| discriminant(later) == discriminant(&command));
            if !is_replaced {
                return Ok(command);
            }
        }
        Err(end)
    }
}

/// Whether only the latest request of this kind is of interest.
fn is_picture(command: &Command) -> bool {
    matches!(command, Command::Predict(_) | Command::JudgeDrawings(_))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::questions::PredictRequest;
    use super::*;
    use crate::training::Preset;

    fn predict(request: u64) -> Command {
        let preset = Preset::open("fashion-bn4").unwrap();
        Command::Predict(PredictRequest {
            request,
            network: preset.network(),
            seed: 1,
            keep_weights: false,
            image: Vec::new(),
            centre: false,
            dataset: None,
            neighbours: 0,
        })
    }

    #[test]
    fn the_latest_prediction_replaces_those_that_wait_and_nothing_else_is_lost() {
        let (sender, receiver) = mpsc::channel();
        let mut inbox = Inbox::new(&receiver);
        assert_eq!(inbox.try_recv(), Err(TryRecvError::Empty));
        let sent = [
            predict(1),
            Command::Pause,
            predict(2),
            predict(3),
            Command::Pause,
            Command::Resume,
        ];
        for command in sent {
            sender.send(command).unwrap();
        }
        drop(sender);
        let expected = [Command::Pause, predict(3), Command::Pause, Command::Resume];
        for command in expected {
            assert_eq!(inbox.recv(), Ok(command));
        }
        assert_eq!(inbox.recv(), Err(RecvError));
    }
}
