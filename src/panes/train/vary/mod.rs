//! The form that makes a sweep of the preset on the screen or of a run: which settings to vary, with which values, seeds and sampler. The
//! sweep is then trained by a process of its own.

mod draw;
mod question;
mod settings;
mod written;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use question::{Base, BaseOfRun, CheckSweep, Planned, Sketch, StartSweep};
pub use settings::path_in_layer;

use super::sweeps::SweepPage;
use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::ui::keys::FIELD_KEYS;
use crate::ui::search::{Closeness, best_match, closeness};
use crate::ui::theme::Theme;
use crate::ui::{Motion, around};
use crate::worker::Asked;
use settings::Varying;

/// What is varied first, unless a setting is named.
const FIRST: &str = "training.optimizer.learning_rate";
/// The most settings.
const MOST: usize = 6;
/// Seeds that are proposed for a sweep of nothing else.
const MORE_SEEDS: u64 = 4;
const SEEDS: [&str; 4] = ["1..3", "1..5", "1..10", ""];
const SAMPLERS: [&str; 5] = ["grid", "random 10", "random 20", "random 40", "random 100"];
/// The kind of a sweep in the list of what a session left on the disk.
const SWEEP: &str = "sweep";

/// The form of a sweep.
pub struct Vary {
    base: Base,
    /// Everything that can be varied.
    known: Vec<Varying>,
    /// The varied settings, each with its values; an empty one last, if there is room for another.
    factors: Vec<[LineInput; 2]>,
    seeds: LineInput,
    sampler: LineInput,
    cursor: usize,
    check: Asked<CheckSweep>,
    start: Asked<StartSweep>,
    /// Whether it was told that a run is training here.
    is_warned: bool,
}

/// What a row of the form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Setting(usize),
    Values(usize),
    Seeds,
    Sampler,
}

/// Opens the form for the preset on the screen, with a setting by its path.
pub fn open(lab: &mut Lab, path: Option<&str>) {
    match base_of(lab) {
        Ok(base) => lab.open(Vary::new(base).with(path.unwrap_or(FIRST))),
        Err(why) => lab.refuse(why),
    }
}

/// Opens the form for further seeds of the preset on the screen.
pub(super) fn open_seeds(lab: &mut Lab) {
    match base_of(lab) {
        Ok(base) => {
            let seed = base.preset.seed;
            lab.open(Vary::new(base).with_seeds_after(&[seed]));
        }
        Err(why) => lab.refuse(why),
    }
}

/// The preset on the screen, as another process can train it on the chosen set.
fn base_of(lab: &Lab) -> Result<Base, String> {
    if let Some(misfit) = lab.misfit() {
        return Err(misfit);
    }
    let set = lab
        .chosen_set()
        .ok_or("no data set is chosen: choose one on the Data pane")?;
    let data = set.names.first().cloned().ok_or_else(|| {
        format!(
            "{} has no name or path by which another process could open it: save it to a file first",
            set.name
        )
    })?;
    let mut preset = lab.titled_preset();
    preset.data = Some(data);
    Ok(Base {
        preset,
        corrected: Some(set.name.clone()),
        data: set.name.clone(),
    })
}

/// Why no sweep can be made of the preset on the screen.
pub(super) fn blocked(lab: &Lab) -> Option<String> {
    base_of(lab).err()
}

impl Vary {
    pub fn new(base: Base) -> Self {
        let mut form = Self {
            known: settings::of(&base.preset),
            base,
            factors: Vec::new(),
            seeds: LineInput::new(""),
            sampler: LineInput::new(SAMPLERS[0]),
            cursor: 0,
            check: Asked::default(),
            start: Asked::default(),
            is_warned: false,
        };
        form.tidy();
        form
    }

    /// Varies this setting.
    fn with(mut self, path: &str) -> Self {
        self.put_setting(0, path);
        self.seeds = LineInput::new(SEEDS[0]);
        self.tidy();
        self.cursor = 1;
        self
    }

    /// Trains with further seeds and varies nothing else.
    pub fn with_seeds_after(mut self, known: &[u64]) -> Self {
        let last = known.iter().copied().max().unwrap_or(0);
        // Those of a file are at most this large.
        let first = last.saturating_add(1).min(u64::MAX - MORE_SEEDS);
        self.seeds = LineInput::proposed(format!("{first}..{}", first + MORE_SEEDS - 1));
        let seeds = self.rows().into_iter().position(|row| row == Row::Seeds);
        self.cursor = seeds.unwrap_or(0);
        self
    }

    fn rows(&self) -> Vec<Row> {
        let factors = self.factors.iter().enumerate();
        let factors = factors.flat_map(|(number, [path, _])| {
            let values = (!path.text().is_empty()).then_some(Row::Values(number));
            [Row::Setting(number)].into_iter().chain(values)
        });
        factors.chain([Row::Seeds, Row::Sampler]).collect()
    }

    fn row(&self) -> Row {
        let rows = self.rows();
        rows[self.cursor.min(rows.len() - 1)]
    }

    fn input(&self, row: Row) -> &LineInput {
        match row {
            Row::Setting(number) => &self.factors[number][0],
            Row::Values(number) => &self.factors[number][1],
            Row::Seeds => &self.seeds,
            Row::Sampler => &self.sampler,
        }
    }

    fn input_mut(&mut self, row: Row) -> &mut LineInput {
        match row {
            Row::Setting(number) => &mut self.factors[number][0],
            Row::Values(number) => &mut self.factors[number][1],
            Row::Seeds => &mut self.seeds,
            Row::Sampler => &mut self.sampler,
        }
    }

    /// The setting that a path names.
    fn known(&self, path: &str) -> Option<&Varying> {
        self.known.iter().find(|setting| setting.path == path)
    }

    fn put_setting(&mut self, number: usize, path: &str) {
        let values = self.known(path).map(settings::proposals);
        let values = values.and_then(|values| values.into_iter().next());
        if number == self.factors.len() {
            self.factors.push(Default::default());
        }
        self.factors[number] = [
            LineInput::proposed(path),
            LineInput::proposed(values.unwrap_or_default()),
        ];
    }

    /// Removes settings whose name was deleted, but for one empty row at the end.
    fn tidy(&mut self) {
        self.factors.retain(|[path, _]| !path.text().is_empty());
        if self.factors.len() < MOST {
            self.factors.push(Default::default());
        }
    }

    /// A name that was typed in part becomes that of the nearest setting.
    fn complete(&mut self) {
        if let Row::Setting(number) = self.row() {
            let typed = self.factors[number][0].text().trim().to_owned();
            if !typed.is_empty() && self.known(&typed).is_none() {
                let paths = self.known.iter().map(|setting| setting.path.as_str());
                let path = self.known[best_match(paths, &typed)].path.clone();
                if closeness(&path, &typed) != Closeness::No {
                    self.put_setting(number, &path);
                }
            }
        }
        let row = self.row();
        self.tidy();
        let rows = self.rows();
        self.cursor = rows
            .iter()
            .position(|one| *one == row)
            .unwrap_or(self.cursor.min(rows.len() - 1));
    }

    fn step_row(&mut self, steps: isize) {
        self.complete();
        self.cursor = around(self.cursor, steps, self.rows().len());
        self.input_mut(self.row()).propose();
    }

    /// Puts the next or the previous of what is proposed for the row.
    fn step_value(&mut self, steps: isize) {
        let row = self.row();
        let text = self.input(row).text().to_owned();
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let proposed: Vec<String> = match row {
            Row::Setting(number) => {
                let is_free = |path: &String| {
                    let mut others = self.factors.iter().enumerate();
                    others.all(|(other, [one, _])| other == number || one.text() != path)
                };
                let paths = self.known.iter().map(|setting| setting.path.clone());
                paths.filter(is_free).collect()
            }
            Row::Values(number) => {
                let setting = self.known(self.factors[number][0].text());
                setting.map_or_else(Vec::new, settings::proposals)
            }
            Row::Seeds => owned(&SEEDS),
            Row::Sampler => owned(&SAMPLERS),
        };
        let Some(last) = proposed.len().checked_sub(1) else {
            return;
        };
        let at = match proposed.iter().position(|one| *one == text) {
            Some(at) => around(at, steps, proposed.len()),
            // From what was typed in part to the nearest.
            None if !text.is_empty() && matches!(row, Row::Setting(_)) => {
                best_match(proposed.iter().map(String::as_str), text.trim())
            }
            None if steps > 0 => 0,
            None => last,
        };
        match row {
            Row::Setting(number) => {
                self.put_setting(number, &proposed[at]);
                let row = self.row();
                self.tidy();
                self.cursor = self.rows().iter().position(|one| *one == row).unwrap_or(0);
            }
            _ => *self.input_mut(row) = LineInput::proposed(proposed[at].clone()),
        }
    }

    fn sketch(&self) -> Result<Sketch, String> {
        Ok(Sketch {
            base: self.base.clone(),
            lines: self.lines()?,
        })
    }

    /// What the sweep would be, if that is found out, or what is wrong with it.
    fn planned(&self) -> Option<Result<Planned, String>> {
        match self.lines() {
            Ok(_) => self.check.current().cloned(),
            Err(problem) => Some(Err(problem)),
        }
    }

    fn accept(&mut self, lab: &mut Lab) {
        self.complete();
        if self.start.is_waiting() {
            return lab.refuse("The sweep is starting.");
        }
        if lab.is_training() && !self.is_warned {
            self.is_warned = true;
            return;
        }
        match (self.sketch(), self.planned()) {
            (Err(problem), _) | (_, Some(Err(problem))) => lab.refuse(problem),
            (Ok(sketch), _) => {
                let sweeps = lab.sweeps_folder.clone();
                self.start.ask(StartSweep { sketch, sweeps }, &mut lab.out);
            }
        }
    }
}

impl HasActions for Vary {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let sideways = [
            (KeyCode::Left, Motion::Left),
            (KeyCode::Right, Motion::Right),
        ];
        let sideways = sideways.map(|(key, motion)| (key.into(), motion));
        vec![
            Action::along("vary.values", ("←→", sideways), "propose", |form: &mut Self, _, motion| {
                form.step_value(if motion == Motion::Left { -1 } else { 1 });
            })
            .help("step through the settings, or through proposed values; anything can be typed"),
            Action::along("vary.fields", ("↑↓", FIELD_KEYS), "field", |form: &mut Self, _, motion| {
                form.step_row(if motion == Motion::Up { -1 } else { 1 });
            })
            .help("move from field to field; a setting is removed by deleting its name"),
            Action::of("vary.start", KeyCode::Enter, "start")
                .help("write the sweep's folder and train its trials in a process of its own, which outlives the lab")
                .does(Self::accept)
                .first(),
            Action::of("vary.cancel", KeyCode::Esc, "cancel")
                .help("close without starting a sweep")
                .does(|_, lab| lab.close()),
        ]
    }
}

impl Overlay for Vary {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        let row = self.row();
        self.input_mut(row).apply(edit);
        true
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn ask(&mut self, lab: &mut Lab) {
        if self.start.receive(&mut lab.out)
            && let Some(folder) = self.start.take()
        {
            lab.leaves(SWEEP, folder.clone());
            lab.inform("The sweep is trained by a process of its own, which outlives this lab: x stops it, r resumes it.");
            // No event may come that would let it ask.
            let mut page = SweepPage::new(folder);
            page.ask(lab);
            return lab.open(page);
        }
        let question = self.sketch().ok().map(CheckSweep);
        self.check.want(question, &mut lab.out);
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
