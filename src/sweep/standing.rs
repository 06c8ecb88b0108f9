//! How far a sweep is and who trains it, in words.

use std::collections::BTreeMap;

use super::coordinator::Coordinator;
use super::executor::queue_of;
use super::folder::SweepFolder;
use crate::wording::counted;

impl Coordinator {
    /// `12 trials: 9 finished, 1 failed, 2 waiting; run by process 42 on host since 14:03`
    pub fn in_words(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (trial, state) in self.trials() {
            *counts.entry(self.word(trial, state)).or_default() += 1;
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        let all = counted(self.trials().count(), "trial");
        let by = match self.folder().run_by() {
            Some(by) => format!("; run by {by}{}", by.since()),
            None if self.folder().is_cancelled() => "; cancelled".to_owned(),
            None => String::new(),
        };
        format!("{all}: {}{by}", parts.join(", "))
    }
}

impl SweepFolder {
    /// Who trains trials of the sweep, or will.
    pub fn who_trains(&self) -> Option<String> {
        if let Some(by) = self.run_by() {
            return Some(by.to_string());
        }
        let held = self.held();
        if held > 0 {
            return Some(format!("the processes of {}", counted(held, "trial")));
        }
        // Asked last: it is work for the whole cluster.
        let queued = queue_of(self).and_then(|(_, queue)| (queue.look)(self).ok());
        let queued = queued.filter(|queued| queued.tasks > 0);
        queued.map(|queued| queued.words)
    }
}
