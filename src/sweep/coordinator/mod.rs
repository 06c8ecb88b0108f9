//! Running a sweep: which trial is trained next, until when, and when it is over.

mod together;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::runs::Claim;
use crate::sweep::error::SweepError;
use crate::sweep::executor::{Executor, News};
use crate::sweep::folder::{Outcome, Plan, SweepFolder};
use crate::sweep::halving::Halving;
use crate::sweep::progress::{End, Progress, Wish};
use crate::sweep::state::{Stand, TrialState};
use crate::sweep::trials::Trial;
use crate::sweep::work::{Ended, MOST_LOSSES, Task};

/// Between two looks at whether the sweep is to stop.
const TICK: Duration = Duration::from_millis(200);

/// A sweep, and how far each trial is.
pub struct Coordinator {
    folder: SweepFolder,
    plan: Plan,
    trials: Vec<Trial>,
    states: Vec<TrialState>,
    /// The number of the comparison after which a trial was stopped, from 0.
    halted: HashMap<usize, usize>,
    _claim: Option<Claim>,
}

/// The work of one stretch between two comparisons.
struct Round {
    /// Indices of the trials that take part.
    alive: Vec<usize>,
    /// Epochs that they train to; `None` to their end.
    until: Option<usize>,
}

impl Coordinator {
    /// Reads how far a sweep is, to show it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn look(folder: SweepFolder) -> Result<Self, SweepError> {
        Self::read(folder, None)
    }

    /// Reads how far a sweep is, to run it; no other process can then run it.
    ///
    /// # Errors
    /// If it cannot be read, or another process runs it.
    pub fn take(folder: SweepFolder) -> Result<Self, SweepError> {
        let claim = folder.claim()?;
        folder.begin_again()?;
        Self::read(folder, Some(claim))
    }

    fn read(folder: SweepFolder, claim: Option<Claim>) -> Result<Self, SweepError> {
        let (plan, trials) = (folder.plan()?, folder.trials()?);
        let runs = folder.runs_by_trial()?;
        let read = |trial: &Trial| {
            let runs = runs.get(&trial.number).map_or(&[][..], Vec::as_slice);
            TrialState::read(&folder, trial, runs)
        };
        let states = trials.iter().map(read).collect::<Result<_, _>>()?;
        let mut coordinator = Self {
            folder,
            plan,
            trials,
            states,
            halted: HashMap::new(),
            _claim: claim,
        };
        coordinator.compare_all(&mut |_| {})?;
        Ok(coordinator)
    }

    /// Its folder.
    pub fn folder(&self) -> &SweepFolder {
        &self.folder
    }

    /// What was resolved when it was created.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its trials and how far each is.
    pub fn trials(&self) -> impl Iterator<Item = (&Trial, &TrialState)> + Clone {
        self.trials.iter().zip(&self.states)
    }

    /// Whether a trial was stopped because others were better.
    pub fn is_halted(&self, trial: &Trial) -> bool {
        self.halted.contains_key(&(trial.number - 1))
    }

    /// Where a trial stands, in a word or two.
    pub fn word(&self, trial: &Trial, state: &TrialState) -> &'static str {
        match self.is_halted(trial) {
            true => "stopped early",
            false => state.stand.word(),
        }
    }

    /// The trials that are left to train, those that are stopped early not among them.
    pub fn left(&self) -> usize {
        let of = |index: &usize| {
            !self.states[*index].stand.is_ended() && !self.halted.contains_key(index)
        };
        (0..self.trials.len()).filter(of).count()
    }

    /// Forgets that trials failed, so that they are tried again.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn retry_failed(&mut self) -> Result<usize, SweepError> {
        let mut forgotten = 0;
        for index in 0..self.trials.len() {
            if let Stand::Failed { .. } = self.states[index].stand {
                self.folder.set_outcome(self.trials[index].number, None)?;
                self.refresh(index, None)?;
                forgotten += 1;
            }
        }
        self.halted.clear();
        self.compare_all(&mut |_| {})?;
        Ok(forgotten)
    }

    /// Trains what is left, until nothing is, or `wish` says so.
    ///
    /// # Errors
    /// If the sweep's folder cannot be read or written.
    pub fn run(
        &mut self,
        executor: &mut dyn Executor,
        wish: &dyn Fn() -> Wish,
        tell: &mut dyn FnMut(&Self, &Progress<'_>),
    ) -> Result<End, SweepError> {
        let began = Instant::now();
        let mut stage = Stage::default();
        loop {
            let Some(round) = self.compare_all(&mut |_| {})? else {
                return Ok(stage.end.unwrap_or(End::Complete));
            };
            let compared = self.train_round(&round, executor, wish, tell, began, &mut stage)?;
            if let Some(end) = stage.end.take() {
                return Ok(end);
            }
            if !compared {
                return Ok(End::Complete);
            }
            let mut rows = Vec::new();
            self.compare_all(&mut |row| rows.push(row))?;
            if let Some((epochs, of, kept)) = rows.pop() {
                tell(self, &Progress::Compared { epochs, of, kept });
            }
        }
    }

    /// Trains all trials of a round as far as they go in it; whether a comparison follows.
    fn train_round(
        &mut self,
        round: &Round,
        executor: &mut dyn Executor,
        wish: &dyn Fn() -> Wish,
        tell: &mut dyn FnMut(&Self, &Progress<'_>),
        began: Instant,
        stage: &mut Stage,
    ) -> Result<bool, SweepError> {
        let mut queue: VecDeque<usize> = round
            .alive
            .iter()
            .copied()
            .filter(|&index| !self.is_there(index, round.until))
            .collect();
        let mut running: HashSet<usize> = HashSet::new();
        let limit = self.plan.limits.minutes;
        let limit = limit.map(|minutes| Duration::from_secs_f64(minutes * 60.0));
        loop {
            let ending = match wish() {
                Wish::Continue if stage.is_time_to_look() && self.folder.is_cancelled() => {
                    Some((End::Cancelled, true))
                }
                Wish::Continue if limit.is_some_and(|limit| began.elapsed() >= limit) => {
                    Some((End::TimeLimit, true))
                }
                Wish::Continue => None,
                Wish::Finish => Some((End::Asked, false)),
                Wish::Stop => Some((End::Asked, true)),
            };
            if let Some((end, at_once)) = ending {
                if stage.end.is_none() {
                    let told = Progress::Ending {
                        end: end.clone(),
                        is_at_once: at_once,
                    };
                    tell(self, &told);
                    stage.end = Some(end);
                }
                if at_once && !stage.is_stopped {
                    executor.stop();
                    stage.is_stopped = true;
                }
            }
            while stage.end.is_none() && running.len() < executor.slots() {
                let Some(index) = queue.pop_front() else {
                    break;
                };
                let task = Task {
                    trial: self.trials[index].number,
                    until: round.until,
                };
                if let Err(reason) = executor.start(task) {
                    stage.end = Some(End::Hindered(reason));
                    break;
                }
                running.insert(index);
                tell(self, &Progress::Began(&self.trials[index]));
            }
            if running.is_empty() {
                return Ok(stage.end.is_none() && round.until.is_some());
            }
            let Some(news) = executor.next(TICK) else {
                continue;
            };
            let (trial, how, state) = match news {
                News::Epoch { trial, metrics } => {
                    if let Some(trial) = self.trials.get(trial.wrapping_sub(1)) {
                        tell(self, &Progress::Epoch(trial, &metrics));
                    }
                    continue;
                }
                News::Ended { trial, how, state } => (trial, Ok(how), state),
                News::Lost { trial, reason } => (trial, Err(reason), None),
                News::HandedOver(done) => {
                    stage.end = Some(done.map_or_else(End::Hindered, End::HandedOver));
                    return Ok(false);
                }
            };
            let index = trial.wrapping_sub(1);
            if !running.remove(&index) {
                continue;
            }
            match state {
                Some(state) => self.states[index] = state.in_folder(&self.folder),
                None => self.refresh(index, None)?,
            }
            if let Some(reason) = self.settle(index, how, round, stage)? {
                tell(self, &Progress::Lost(&self.trials[index], &reason));
                queue.push_front(index);
            } else {
                let (trial, state) = (&self.trials[index], &self.states[index]);
                tell(self, &Progress::Ended(trial, state));
            }
        }
    }

    /// Takes in how the work on a trial ended, or why nobody knows; why it is to be tried again, if it is.
    fn settle(
        &mut self,
        index: usize,
        how: Result<Ended, String>,
        round: &Round,
        stage: &mut Stage,
    ) -> Result<Option<String>, SweepError> {
        let trial = self.trials[index].number;
        let is_there = self.is_there(index, round.until);
        let reason = match how {
            Ok(Ended::Hindered(reason)) => {
                let end = End::Hindered(format!("trial {trial}: {reason}"));
                stage.end.get_or_insert(end);
                return Ok(None);
            }
            _ if is_there => return Ok(None),
            // It was asked to.
            Ok(Ended::Stopped) if stage.end.is_some() => return Ok(None),
            Ok(Ended::Stopped) => "its process was told to stop".to_owned(),
            Ok(Ended::Done | Ended::Failed(_)) => {
                "its run folder does not have what was trained".to_owned()
            }
            Err(reason) => reason,
        };
        let losses = stage.losses.entry(index).or_default();
        *losses += 1;
        if *losses < MOST_LOSSES {
            return Ok(Some(reason));
        }
        let outcome = Outcome::Failed(format!("{reason}, {MOST_LOSSES} times"));
        self.folder.set_outcome(trial, Some(&outcome))?;
        self.refresh(index, None)?;
        Ok(None)
    }

    /// Repeats every comparison that can be made from what is trained, and returns the round that is to be trained next; `None` if nothing
    /// is left. `found` gets epochs, how many were compared, and how many continue.
    fn compare_all(
        &mut self,
        found: &mut dyn FnMut((usize, usize, usize)),
    ) -> Result<Option<Round>, SweepError> {
        self.halted.clear();
        let mut alive: Vec<usize> = (0..self.trials.len()).collect();
        let longest = self.trials.iter().map(|trial| trial.epochs).max();
        let halving = self.plan.halving;
        let rungs = halving.map_or_else(Vec::new, |halving| halving.rungs(longest.unwrap_or(0)));
        for (number, &epochs) in rungs.iter().enumerate() {
            if !alive
                .iter()
                .all(|&index| self.is_there(index, Some(epochs)))
            {
                let until = Some(epochs);
                return Ok(Some(Round { alive, until }));
            }
            let Some(halving) = halving else { break };
            let survivors = self.survivors(&halving, &alive, epochs)?;
            found((epochs, alive.len(), survivors.len()));
            let kept: HashSet<usize> = survivors.iter().copied().collect();
            for index in alive.iter().filter(|index| !kept.contains(index)) {
                // A trial that is at its end has nothing to stop.
                if !self.states[*index].stand.is_ended() {
                    self.halted.insert(*index, number);
                }
            }
            alive = survivors;
        }
        let is_done = alive.iter().all(|&index| self.is_there(index, None));
        Ok((!is_done).then_some(Round { alive, until: None }))
    }

    fn survivors(
        &self,
        halving: &Halving,
        alive: &[usize],
        epochs: usize,
    ) -> Result<Vec<usize>, SweepError> {
        let combination = |index: usize| self.trials[index].combination;
        let groups: Vec<&[usize]> = alive
            .chunk_by(|&one, &other| combination(one) == combination(other))
            .collect();
        let mut scores = Vec::new();
        for group in &groups {
            let of_group = group
                .iter()
                .map(|&index| self.states[index].score(epochs, halving.by));
            scores.push(of_group.collect::<Result<Vec<_>, _>>()?);
        }
        let kept = halving.survivors(&scores);
        Ok(kept
            .into_iter()
            .flat_map(|group| groups[group].iter().copied())
            .collect())
    }

    /// Whether a trial is trained for so many epochs, or cannot be; `None` is to its end.
    fn is_there(&self, index: usize, until: Option<usize>) -> bool {
        let state = &self.states[index];
        state.stand.is_ended() || until.is_some_and(|until| state.epochs >= until)
    }

    /// Reads the states again of those trials that are not trained so far yet, as `is_there` has it.
    fn refresh_others(&mut self, round: &Round) -> Result<(), SweepError> {
        let mut runs = self.folder.runs_by_trial()?;
        for &index in &round.alive {
            if !self.is_there(index, round.until) {
                let trial = &self.trials[index];
                let runs = runs.remove(&trial.number).unwrap_or_default();
                self.states[index] = TrialState::read(&self.folder, trial, &runs)?;
            }
        }
        Ok(())
    }

    /// Reads a trial's state again, of the run that is told, or else of the one that is found.
    fn refresh(&mut self, index: usize, told: Option<&Path>) -> Result<(), SweepError> {
        let trial = &self.trials[index];
        let runs = match told {
            Some(run) => vec![run.to_owned()],
            None => self
                .folder
                .runs_by_trial()?
                .remove(&trial.number)
                .unwrap_or_default(),
        };
        self.states[index] = TrialState::read(&self.folder, trial, &runs)?;
        Ok(())
    }
}

/// What stays the same from round to round.
#[derive(Default)]
struct Stage {
    end: Option<End>,
    is_stopped: bool,
    /// When it was last looked whether the sweep is cancelled.
    looked: Option<Instant>,
    /// How often the process of each trial was lost.
    losses: HashMap<usize, usize>,
}

impl Stage {
    /// Whether a tick has passed since this was last true; trials may end much faster.
    fn is_time_to_look(&mut self) -> bool {
        let is_time = self.looked.is_none_or(|looked| looked.elapsed() >= TICK);
        if is_time {
            self.looked = Some(Instant::now());
        }
        is_time
    }
}
