//! The actions of a sweep's page.

use crossterm::event::KeyCode;

use super::{Order, Shows, SteerSweep, SweepPage, SweepView, SweepWish, TrialView};
use crate::lab::{Action, HasActions, Lab, PaneId};
use crate::sweep::Measure;
use crate::ui::keys::{CURSOR_KEYS, PAGE};
use crate::ui::{Key, Motion, around};
use crate::worker::Command;

impl HasActions for SweepPage {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mut actions = vec![
            Action::of("sweep.next", KeyCode::Tab, "next view")
                .help("show the next of: effects, trials, parallel coordinates, curves")
                .does(|page: &mut Self, _| page.step(1))
                .first(),
            Action::of("sweep.previous", KeyCode::BackTab, "previous view")
                .help("show the previous view")
                .does(|page: &mut Self, _| page.step(-1))
                .quiet(),
        ];
        actions.extend(match self.shows {
            Shows::Effects => self.in_effects(),
            Shows::Trials => self.in_trials(),
            Shows::Parallel => self.in_parallel(),
            Shows::Curves => self.in_curves(),
        });
        actions.extend(self.of_trials(lab));
        actions.extend(self.of_sweep());
        actions
    }
}

/// The cursor keys along a column, or across.
fn motions(is_along: bool) -> impl Iterator<Item = (Key, Motion)> {
    let keys = CURSOR_KEYS.into_iter();
    keys.filter(move |(_, motion)| {
        let is_across = matches!(motion, Motion::Left | Motion::Right);
        is_across != is_along
    })
}

impl SweepPage {
    fn in_effects(&self) -> Vec<Action<Self>> {
        vec![
            Action::along(
                "sweep.scroll",
                ("↑↓", motions(true)),
                "scroll",
                |page: &mut Self, lab, motion| {
                    let hidden = page.hidden_effects(lab);
                    page.scroll = motion.along(page.scroll, hidden + 1, PAGE);
                },
            )
            .help("scroll the effects (↑ ↓ j k, g G, PgUp PgDn)"),
        ]
    }

    fn in_trials(&self) -> Vec<Action<Self>> {
        vec![
            self.select(),
            Action::of("sweep.order", 's', "sort")
                .help("sort by the next of: the best first, number, each varied setting")
                .does(|page: &mut Self, _| page.next_order())
                .first(),
        ]
    }

    fn in_parallel(&self) -> Vec<Action<Self>> {
        vec![
            Action::along(
                "sweep.axis",
                ("←→", motions(false)),
                "axis",
                |page: &mut Self, _, motion| {
                    if let Some(sweep) = &page.sweep {
                        let axes = sweep.varied.paths().len() + 1;
                        page.axis = motion.along(page.axis(sweep), axes, PAGE);
                    }
                },
            )
            .help("choose an axis: ↑ ↓ then go along it (← → h l)")
            .first(),
            self.select(),
        ]
    }

    fn in_curves(&self) -> Vec<Action<Self>> {
        let axis = match self.by_time {
            true => "by epoch",
            false => "by time",
        };
        vec![
            Action::along(
                "sweep.cursor",
                ("←→", motions(false)),
                "read values",
                |page: &mut Self, _, motion| {
                    let epochs = page.epochs();
                    page.curves.go(motion, epochs);
                },
            )
            .help("move a cursor over the epochs to read values (← → h l)")
            .first(),
            self.select(),
            Action::of("sweep.time", 'e', axis)
                .help("draw the curves over the epochs or over the time of training")
                .does(|page: &mut Self, _| page.by_time = !page.by_time),
            Action::of("sweep.smooth", 'm', "smooth")
                .help("smooth the curves in three steps, then not at all")
                .does(|page: &mut Self, _| page.curves.smooth()),
        ]
    }

    fn select(&self) -> Action<Self> {
        let name = match self.shows {
            Shows::Curves => "combination",
            _ => "trial",
        };
        Action::along(
            "sweep.move",
            ("↑↓", motions(true)),
            name,
            |page: &mut Self, _, motion| page.go(motion),
        )
        .help(format!("select a {name} (↑ ↓ j k, g G, PgUp PgDn)"))
    }

    /// Actions on the trial under the cursor, or on the best one.
    fn of_trials(&self, lab: &Lab) -> Vec<Action<Self>> {
        let sweep = self.sweep.as_deref();
        let best = sweep.and_then(|sweep| sweep.ranked().first().map(|best| best.trial.number));
        let chosen = match self.shows {
            Shows::Effects => None,
            _ => sweep.and_then(|sweep| self.chosen(sweep)),
        };
        let no_run = match (chosen, chosen.and_then(|trial| trial.state.run.as_ref())) {
            (_, Some(_)) => lab
                .is_training()
                .then(|| "stop the run that is training first".to_owned()),
            (Some(_), None) => Some("the trial is not begun yet".to_owned()),
            (None, None) => Some("there is no trial".to_owned()),
        };
        let mut actions = Vec::new();
        if self.shows != Shows::Effects {
            actions.push(
                Action::of("sweep.build", KeyCode::Enter, "to builder")
                    .help("load network and settings of the selected trial into the builder; u there undoes it")
                    .does(|page: &mut Self, lab| page.build(lab, |page, sweep| page.chosen(sweep)))
                    .blocked_unless(chosen.is_some(), "there is no trial")
                    .first(),
            );
            actions.push(
                Action::of("sweep.open", 'o', "open run")
                    .help("open the run of the selected trial to inspect or resume it")
                    .does(Self::open_run)
                    .blocked_by(no_run),
            );
        }
        actions.push(
            Action::of("sweep.best", 'b', "best to builder")
                .help("load network and settings of the best trial into the builder; u there undoes it")
                .does(|page: &mut Self, lab| {
                    page.build(lab, |_, sweep| sweep.ranked().into_iter().next());
                })
                .blocked_unless(best.is_some(), "no trial has finished an epoch yet")
                .first(),
        );
        actions
    }

    /// Actions on the whole sweep.
    fn of_sweep(&self) -> Vec<Action<Self>> {
        let sweep = self.sweep.as_deref();
        let is_running = sweep.is_some_and(|sweep| sweep.is_running);
        let left = sweep.map_or(0, |sweep| sweep.left);
        let (figure, other) = match self.by {
            Measure::ValAccuracy => ("by loss", Measure::ValLoss),
            Measure::ValLoss => ("by accuracy", Measure::ValAccuracy),
        };
        vec![
            Action::of("sweep.figure", 'y', figure)
                .help("compare the trials by their best validation accuracy or by their lowest validation loss")
                .does(move |page: &mut Self, _| page.by = other),
            Action::of("sweep.cancel", 'x', "cancel")
                .help("stop the sweep: its runs are saved, and r resumes it")
                .does(|page: &mut Self, lab| page.steer(SweepWish::Cancel, lab))
                .blocked_unless(is_running, "no process runs the sweep"),
            Action::of("sweep.resume", 'r', "resume")
                .help("train the trials that are left, in a process of its own, which outlives the lab")
                .does(|page: &mut Self, lab| page.steer(SweepWish::Resume, lab))
                .blocked_by(match (is_running, left) {
                    (true, _) => Some("a process runs the sweep already".to_owned()),
                    (false, 0) => Some("no trial is left".to_owned()),
                    (false, _) => None,
                }),
            Action::of("sweep.back", Key::ESCAPE, "close")
                .help("close the page; the sweep continues")
                .does(|_, lab| lab.close()),
        ]
    }

    fn step(&mut self, steps: isize) {
        let at = Shows::ALL.iter().position(|shows| *shows == self.shows);
        let next = around(at.unwrap_or(0), steps, Shows::ALL.len());
        self.shows = Shows::ALL[next];
    }

    fn go(&mut self, motion: Motion) {
        let Some(sweep) = &self.sweep else { return };
        let trials = self.walked(sweep);
        let chosen = self.chosen(sweep).map(|trial| trial.trial.number);
        // Of a combination any trial may be the chosen one.
        let combination = self.chosen(sweep).map(|trial| trial.trial.combination);
        let is_it = |trial: &&TrialView| match self.shows {
            Shows::Curves => Some(trial.trial.combination) == combination,
            _ => Some(trial.trial.number) == chosen,
        };
        let at = trials.iter().position(is_it).unwrap_or(0);
        if let Some(trial) = trials.get(motion.along(at, trials.len(), PAGE)) {
            self.trial = trial.trial.number;
        }
    }

    fn next_order(&mut self) {
        let settings = self
            .sweep
            .as_ref()
            .map_or(0, |sweep| sweep.varied.paths().len());
        self.order = match self.order {
            Order::Best => Order::Number,
            Order::Number if settings > 0 => Order::Setting(0),
            Order::Setting(index) if index + 1 < settings => Order::Setting(index + 1),
            _ => Order::Best,
        };
    }

    /// Loads the preset of a trial into the builder.
    fn build(
        &mut self,
        lab: &mut Lab,
        which: for<'a> fn(&Self, &'a SweepView) -> Option<&'a TrialView>,
    ) {
        let Some(sweep) = self.sweep.clone() else {
            return;
        };
        let Some(trial) = which(self, &sweep) else {
            return;
        };
        let trial = &trial.trial;
        match trial.preset(&sweep.base) {
            Ok(preset) => {
                let images = sweep.images.clone();
                lab.close_all();
                lab.close();
                lab.load_other(
                    format!("load trial {} of {}", trial.number, sweep.title()),
                    preset,
                );
                lab.show(PaneId::Network);
                lab.inform(format!(
                    "Network and settings of trial {} ({}), measured on {images}; u restores the previous network.",
                    trial.number,
                    trial.in_words(),
                ));
            }
            Err(reason) => lab.refuse(format!("trial {}: {reason}", trial.number)),
        }
    }

    fn open_run(&mut self, lab: &mut Lab) {
        let Some(sweep) = &self.sweep else { return };
        let run = self.chosen(sweep).and_then(|trial| trial.state.run.clone());
        if let Some(folder) = run {
            lab.close_all();
            lab.close();
            lab.inform(format!("Opening {} …", folder.display()));
            lab.tell(Command::OpenRun { folder });
        }
    }

    fn steer(&mut self, wish: SweepWish, lab: &mut Lab) {
        let folder = self.folder.clone();
        self.steer.ask(SteerSweep { folder, wish }, &mut lab.out);
    }

    /// The most finished epochs of the drawn runs.
    fn epochs(&self) -> usize {
        let epochs = self.histories.values().map(|run| run.history.len());
        epochs.max().unwrap_or(0)
    }
}
