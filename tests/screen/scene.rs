//! A lab driven by keys and by events that a worker might send, and its screen as text.

use std::fmt::Write;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;

use convscope::analysis::explain::Explanation;
use convscope::analysis::health::{DeadUnits, Health, LayerHealth, Remark, Spread};
use convscope::analysis::{
    Arithmetic, Ascent, Classified, ConfusionTable, Disagreement, FeatureMaps, Figures, Gallery,
    Judgement, Origin, Predictions, Rectangle, Step, Term,
};
use convscope::data::browse::KnownPlace;
use convscope::data::statistics::{
    ClassStatistics, DuplicatePair, Duplicates, Moments, SplitStatistics,
};
use convscope::data::{DatasetSummary, SetStatistics};
use convscope::network::{LayerSummary, NetworkSummary};
use convscope::panes::{
    ActivationsPane, AugmentedImages, ChangeRuns, Changed, CheckSweep, ClassImages, CompareImages,
    ComparedImages, DoTask, EpochHealth, Excite, Excited, ExcitingImage, Explain, FindKnownSets,
    HealthOf, ImagePage, Judge, JudgedDrawings, JudgedImage, JudgedPage, Judging, KeepDrawing,
    Kept, LastRun, ListPresets, ListRuns, ListSweeps, ListedSweep, Maps, MarkImage, MeasurePace,
    Measured, Order, OriginOf, Page, Pixels, Planned, Predict, Prediction, ReadDrawings, ReadRuns,
    Results, ResultsPane, SaveDrawing, SavePreset, SavedPreset, ShownMaps, Statistics, SweepView,
    TaskEnd, TaskNews, TrainPane, Versions, ViewPane, WatchSweep,
};
use convscope::runs::{RunDigest, RunFolder, RunNotes, RunSummary, TrainedBy};
use convscope::screen::Interface;
use convscope::shape::Shape;
use convscope::training::{EpochMetrics, Pace, Portion, Preset};
use convscope::ui::theme::{Background, ColorDepth, Theme};
use convscope::worker::{
    Ask, BatchFigures, BatchProgress, Command, DraftCommand, Event, InUse, LabelledImage,
    MarkedImage, OpenedRun, Outcome, OwnPreset, Pending, Question, RunFacts, SetMarks, SetNames,
    Subject,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use tempfile::TempDir;

use super::sweep_folder;

pub const NAMES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// A lab with the commands that it gave and nobody answered.
pub struct Scene {
    pub interface: Interface,
    pub commands: Vec<Command>,
    /// What it said of drafts.
    pub drafts: Vec<DraftCommand>,
    /// What it has sets loaded and made by.
    pub jobs: Vec<Pending<DoTask>>,
    /// What there is of known sets and runs, for its worker.
    pub known_sets: Vec<KnownPlace>,
    pub last_run: Option<Arc<RunSummary>>,
    /// What the list of sweeps has, once it is asked for: one of sixteen trials, of which twelve are finished.
    pub sweeps: Option<TempDir>,
}

impl Scene {
    /// The View pane.
    pub fn view(&self) -> &ViewPane {
        self.interface.pane()
    }

    /// The Results pane.
    pub fn results(&self) -> &ResultsPane {
        self.interface.pane()
    }

    /// The Train pane.
    pub fn train(&self) -> &TrainPane {
        self.interface.pane()
    }

    /// The Activations pane.
    pub fn activations(&self) -> &ActivationsPane {
        self.interface.pane()
    }
}

impl Deref for Scene {
    type Target = Interface;

    fn deref(&self) -> &Interface {
        &self.interface
    }
}

impl DerefMut for Scene {
    fn deref_mut(&mut self) -> &mut Interface {
        &mut self.interface
    }
}

/// Answers a question where it is one of this type.
fn reply<Q: Question>(ask: Ask, answer: impl FnOnce(&Q) -> Q::Answer) -> Result<(), Ask> {
    let pending = ask.downcast::<Q>()?;
    pending.answer(answer(&pending.question));
    Ok(())
}

impl Scene {
    /// Just started: nothing is loaded yet.
    pub fn start(columns: u16, rows: u16) -> Self {
        Self::start_with("fashion-bn4", columns, rows)
    }

    /// After the first walk: the network that the program starts with is trained, and its results have come.
    pub fn walked(columns: u16, rows: u16) -> Self {
        let mut scene = Self::start_with("fashion-conv1", columns, rows);
        scene.load();
        scene.keys("4 ");
        scene.answer();
        for epoch in 1..=20 {
            scene.epoch(1, epoch);
        }
        scene.tell(Event::RunEnded {
            run: 1,
            outcome: Outcome::Completed,
            best: None,
        });
        scene.answer();
        scene
    }

    fn start_with(preset: &str, columns: u16, rows: u16) -> Self {
        let preset = Preset::open(preset).unwrap();
        let (interface, commands) = Interface::new(None, preset, Some("runs".into()));
        let mut scene = Self {
            interface,
            commands: Vec::new(),
            drafts: Vec::new(),
            jobs: Vec::new(),
            known_sets: Vec::new(),
            last_run: None,
            sweeps: None,
        };
        scene.keep(commands);
        scene.resize_to(columns, rows);
        scene
    }

    /// With a set, whose pictures have come.
    pub fn loaded(columns: u16, rows: u16) -> Self {
        let mut scene = Self::start(columns, rows);
        scene.load();
        scene
    }

    fn load(&mut self) {
        self.tell(Event::DataLoaded {
            summary: summary(),
            seconds: 0.25,
        });
        self.end_job(TaskEnd::Done {
            message: String::new(),
            made: None,
        });
        self.answer();
    }

    /// In the third of ten epochs.
    pub fn training(columns: u16, rows: u16) -> Self {
        let mut scene = Self::loaded(columns, rows);
        scene.keys("4 ");
        scene.answer();
        for epoch in 1..=2 {
            scene.epoch(1, epoch);
        }
        for batch in [12, 30, 41] {
            scene.tell(Event::Batch(progress(1, 3, batch)));
        }
        scene
    }

    /// After the last epoch.
    pub fn finished(columns: u16, rows: u16) -> Self {
        let mut scene = Self::training(columns, rows);
        for epoch in 3..=10 {
            scene.epoch(1, epoch);
        }
        scene.tell(Event::RunEnded {
            run: 1,
            outcome: Outcome::Completed,
            best: None,
        });
        scene.keys("4");
        scene
    }

    pub fn resize_to(&mut self, columns: u16, rows: u16) {
        let commands = self.interface.resize(columns, rows);
        self.keep(commands);
    }

    fn keep(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                // Nobody answers them.
                Command::Draft(command) => self.drafts.push(command),
                Command::Ask(ask) => match ask.downcast() {
                    Ok(job) => self.jobs.push(job),
                    Err(ask) => self.commands.push(Command::Ask(ask)),
                },
                command => self.commands.push(command),
            }
        }
    }

    pub fn tell(&mut self, event: Event) {
        let commands = self.interface.hear(event);
        self.keep(commands);
    }

    /// The latest job ends.
    pub fn end_job(&mut self, end: TaskEnd) {
        let job = self.jobs.pop().expect("a job is running");
        job.answer(TaskNews::Ended(end));
        self.tell(Event::Answered);
    }

    /// Everything of an epoch, from its last batch on.
    pub fn epoch(&mut self, run: u64, epoch: usize) {
        self.tell(Event::Batch(progress(run, epoch, 79)));
        self.tell(Event::Epoch {
            run,
            metrics: metrics(epoch),
        });
        self.tell(Event::Confusion {
            run,
            epoch,
            table: table(epoch),
            measured_on: names("Fashion-MNIST starter"),
            portion: Portion::Test,
        });
    }

    pub fn key(&mut self, code: KeyCode) {
        self.press(KeyEvent::new(code, KeyModifiers::NONE));
    }

    pub fn control(&mut self, character: char) {
        self.press(KeyEvent::new(
            KeyCode::Char(character),
            KeyModifiers::CONTROL,
        ));
    }

    pub fn keys(&mut self, text: &str) {
        for character in text.chars() {
            self.key(KeyCode::Char(character));
        }
    }

    pub fn press(&mut self, key: KeyEvent) {
        let commands = self.interface.press(key);
        self.keep(commands);
    }

    /// On the picture as it is.
    pub fn mouse_event(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        self.text();
        let commands = self.interface.mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        });
        self.keep(commands);
    }

    pub fn paste_text(&mut self, text: &str) {
        let commands = self.interface.paste(text.to_owned());
        self.keep(commands);
    }

    /// The questions of this type that were asked and nobody answered.
    pub fn asked<Q: Question>(&self) -> Vec<&Q> {
        let asks = self.commands.iter().filter_map(|command| match command {
            Command::Ask(ask) => ask.question(),
            _ => None,
        });
        asks.collect()
    }

    /// Takes the latest such question out, to be answered.
    pub fn take_asked<Q: Question>(&mut self) -> Pending<Q> {
        let mut found = None;
        for command in std::mem::take(&mut self.commands) {
            match command {
                Command::Ask(ask) => match ask.downcast() {
                    Ok(pending) => found = Some(pending),
                    Err(ask) => self.commands.push(Command::Ask(ask)),
                },
                command => self.commands.push(command),
            }
        }
        found.expect("it was asked")
    }

    fn answer_question(&mut self, ask: Ask) {
        let ask = match ask.downcast::<MarkImage>() {
            Ok(pending) => {
                pending.answer(self.marks_with(&pending.question));
                return self.tell(Event::Answered);
            }
            Err(ask) => ask,
        };
        // Each answer would bring the next such question.
        if ask.question().is_some_and(|maps: &Maps| maps.waits) {
            return;
        }
        let run = self.lab.run.as_ref();
        let epochs = run.map_or(0, |run| run.history.len());
        let answered = reply(ask, page)
            .or_else(|ask| reply(ask, class_images))
            .or_else(|ask| reply(ask, |_: &LastRun| self.last_run.clone()))
            .or_else(|ask| reply(ask, |_: &FindKnownSets| self.known_sets.clone()))
            .or_else(predict)
            .or_else(|ask| reply(ask, judged))
            .or_else(|ask| reply(ask, judged_drawings))
            .or_else(|ask| reply(ask, kept))
            .or_else(|ask| reply(ask, |_: &SaveDrawing| "/home/me/drawing-1.png".into()))
            .or_else(|ask| reply(ask, |maps: &Maps| feature_maps(maps, epochs)))
            .or_else(|ask| reply(ask, found_origin))
            .or_else(|ask| reply(ask, excited))
            .or_else(|ask| reply(ask, explained))
            .or_else(answer_health)
            .or_else(|ask| reply(ask, exact_pixels))
            .or_else(|ask| reply(ask, augmented))
            .or_else(|ask| {
                reply(ask, |asked: &Statistics| {
                    let set = self.lab.set(&asked.dataset).expect("it is loaded");
                    Measured::Done(Box::new(statistics_of(set)))
                })
            })
            .or_else(|ask| reply(ask, |_: &ListRuns| listed(runs())))
            .or_else(|ask| reply(ask, |_: &ListSweeps| self.listed_sweeps()))
            .or_else(|ask| reply(ask, watched))
            .or_else(|ask| reply(ask, |_: &CompareImages| compared_images()))
            .or_else(|ask| reply(ask, |_: &CheckSweep| Ok(planned())))
            .or_else(|ask| reply(ask, read_or_real))
            .or_else(|ask| reply(ask, changed))
            .or_else(|ask| reply(ask, |_: &MeasurePace| Ok(pace())))
            .or_else(|ask| reply(ask, |_: &ListPresets| own_presets()))
            .or_else(|ask| reply(ask, saved_preset));
        // The lab asks for none of the others yet.
        let _ = answered;
        self.tell(Event::Answered);
    }

    /// Answers every command as a worker would, until there is none left.
    pub fn answer(&mut self) {
        while !self.commands.is_empty() {
            for command in std::mem::take(&mut self.commands) {
                match command {
                    Command::Ask(ask) => self.answer_question(ask),
                    Command::Train(request) => {
                        let run = self.lab.run.as_ref().map_or(1, |run| run.facts.run + 1);
                        self.tell(Event::RunStarted(Box::new(facts(
                            run,
                            &request.preset,
                            &request.dataset,
                        ))));
                    }
                    Command::OpenRun { folder } => {
                        let mut opened = elsewhere(2, None);
                        opened.facts.folder = Some(folder);
                        self.tell(Event::RunOpened(Box::new(opened)));
                    }
                    Command::Pause => self.tell(Event::Paused { run: 1 }),
                    Command::Resume => self.tell(Event::Resumed { run: 1 }),
                    // The lab asks for none of the others yet.
                    _ => {}
                }
            }
        }
    }

    /// The sweep that the list has; it is made once it is asked for.
    fn listed_sweeps(&mut self) -> Arc<Vec<ListedSweep>> {
        let sweeps = self.sweeps.get_or_insert_with(|| {
            let sweeps = TempDir::new().unwrap();
            sweep_folder::create(sweeps.path(), 12);
            sweeps
        });
        Arc::new(vec![ListedSweep {
            folder: sweeps.path().join("20261201-120000-fashion-conv1"),
            trials: Ok([16, 4]),
            is_running: false,
            best: Some(0.887),
            data: Some("mnist-starter".to_owned()),
        }])
    }

    /// The marks of a set with one more, of an image of class 6.
    fn marks_with(&self, question: &MarkImage) -> SetMarks {
        let mut images = self.lab.corrections.of(&question.dataset).to_vec();
        images.retain(|marked| marked.image != question.image);
        images.extend(question.mark.map(|mark| MarkedImage {
            image: question.image,
            was: 6,
            mark,
        }));
        SetMarks {
            dataset: question.dataset.clone(),
            file: Some("/home/me/corrections/mine.yaml".into()),
            images,
        }
    }

    /// The status line's sentence.
    pub fn said(&self) -> &str {
        let status = self.lab.status.as_ref();
        status.map_or("", |status| status.text.as_str())
    }

    pub fn buffer(&self, depth: ColorDepth) -> Buffer {
        let area = Rect::new(0, 0, self.lab.columns, self.lab.rows);
        let mut buffer = Buffer::empty(area);
        let theme = Theme::new(depth, Background::Dark);
        self.interface.draw(area, &mut buffer, &theme);
        buffer
    }

    /// The screen's rows without their styles.
    pub fn text(&self) -> String {
        text(&self.buffer(ColorDepth::TrueColor))
    }

    /// The screen's rows, then the styles of each row as runs, then what each style is.
    pub fn picture(&self) -> String {
        let buffer = self.buffer(ColorDepth::Indexed256);
        let mut styles: Vec<Style> = Vec::new();
        let mut runs = String::new();
        for y in buffer.area.rows().map(|row| row.y) {
            let mut latest = None;
            for x in 0..buffer.area.width {
                let style = buffer[(x, y)].style();
                let number = styles.iter().position(|known| *known == style);
                let number = number.unwrap_or_else(|| {
                    styles.push(style);
                    styles.len() - 1
                });
                if latest != Some(number) {
                    let gap = if latest.is_some() { " " } else { "" };
                    write!(runs, "{gap}{x}:{number}").unwrap();
                    latest = Some(number);
                }
            }
            runs.push('\n');
        }
        let mut picture = format!("{}\n\n{runs}\n", text(&buffer));
        for (number, style) in styles.iter().enumerate() {
            let color = |color: Option<ratatui::style::Color>| {
                color.map_or("-".to_owned(), |color| color.to_string())
            };
            writeln!(
                picture,
                "{number}: {} on {} {:?}",
                color(style.fg),
                color(style.bg),
                style.add_modifier
            )
            .unwrap();
        }
        picture
    }
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    buffer
        .content
        .chunks(width)
        .map(|row| {
            let row: String = row.iter().map(|cell| cell.symbol()).collect();
            format!("{}\n", row.trim_end())
        })
        .collect()
}

pub fn summary() -> DatasetSummary {
    DatasetSummary {
        name: "Fashion-MNIST starter".to_owned(),
        source: "in the program".to_owned(),
        names: vec!["fashion-mnist-starter".to_owned()],
        shape: Shape::new(28, 28, 1),
        class_names: NAMES.map(str::to_owned).to_vec(),
        train_counts: vec![942, 1027, 1016, 1019, 974, 989, 1021, 1022, 990, 1000],
        test_counts: vec![203, 206, 219, 184, 203, 187, 198, 203, 190, 207],
        validation_counts: None,
        memory: 9_420_000,
        note: "The first 12,000 images of Fashion-MNIST. For all 70,000 install dataset-fashion-mnist."
            .to_owned(),
    }
}

fn pace() -> Pace {
    Pace {
        steps: 20,
        batch_size: 128,
        threads: 2,
        training_seconds: 0.0011,
        validation_seconds: 0.0004,
        train_images: 10_000,
        validation_images: 2_000,
    }
}

/// The sweep as it is in its folder.
fn watched(asked: &WatchSweep) -> Arc<SweepView> {
    Arc::new(SweepView::read(&asked.folder, asked.by).unwrap())
}

/// The runs of a sweep that is there, or those that are told of.
fn read_or_real(asked: &ReadRuns) -> Vec<Arc<RunSummary>> {
    let open = |folder: &PathBuf| RunFolder::open(folder).ok();
    let real: Vec<RunFolder> = asked.folders.iter().filter_map(open).collect();
    match real.is_empty() {
        true => read(asked, &runs()),
        false => real.iter().map(RunSummary::of).map(Arc::new).collect(),
    }
}

/// Two runs that disagree about every third of forty images, of which the second classifies more correctly.
fn compared_images() -> Arc<ComparedImages> {
    let labels: Vec<u16> = (0..40).map(|image| image % 10).collect();
    let sure = |wrong: &dyn Fn(usize) -> bool| {
        let rows = labels.iter().enumerate().flat_map(|(image, label)| {
            let step = usize::from(wrong(image)) * 4;
            let mut row = [0.01; 10];
            row[(usize::from(*label) + step) % 10] = 0.91;
            row
        });
        Predictions::new(10, rows.collect(), labels.clone())
    };
    let names = NAMES.map(str::to_owned);
    let (one, other) = (sure(&|image| image % 3 == 0), sure(&|image| image == 7));
    let classified = |predictions| Classified {
        predictions,
        class_names: &names,
    };
    let found = Disagreement::of(classified(&one), classified(&other)).unwrap();
    let images = found.images.iter();
    Arc::new(ComparedImages {
        pixels: images
            .map(|image| pixels(image.image % 10, image.image))
            .collect(),
        found,
        data: "Fashion-MNIST starter".to_owned(),
        epochs: [10, 8],
        shape: Shape::new(28, 28, 1),
        remarks: Vec::new(),
    })
}

pub fn planned() -> Planned {
    Planned {
        trials: 9,
        skipped: 0,
        epochs: 90,
        like_base: 90.0,
    }
}

fn saved_preset(asked: &SavePreset) -> SavedPreset {
    let name = asked.name.clone();
    SavedPreset {
        path: format!("/home/me/.config/convscope/presets/{name}.yaml").into(),
        name,
    }
}

fn own_presets() -> Vec<OwnPreset> {
    let text = "# mine\nname: tiny\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # at once\n  - classify\nseed: 4\n";
    vec![OwnPreset {
        name: "tiny".to_owned(),
        text: text.to_owned(),
    }]
}

/// A set of clothes.
pub fn names(dataset: &str) -> SetNames {
    SetNames {
        dataset: dataset.to_owned(),
        class_names: NAMES.map(str::to_owned).to_vec(),
    }
}

fn facts(run: u64, preset: &Preset, dataset: &str) -> RunFacts {
    RunFacts {
        run,
        name: preset.name.clone(),
        network: preset.network(),
        recipe: preset.training.clone(),
        then: None,
        in_use: InUse {
            learning_rate: preset.training.optimizer.learning_rate(),
            augment: preset.training.augment,
            set: names(dataset),
            stops_after_epoch: false,
        },
        folder: Some("runs/20261123-130000-fashion-bn4".into()),
        epochs: preset.training.epochs,
        batches_per_epoch: 79,
        train_images: 10_000,
        validation_images: 2_000,
        trained_before: vec![0; preset.layers.len()],
        frozen_layers: 0,
        parameters: 578_970,
        threads: 2,
        history: Vec::new(),
        notes: Vec::new(),
    }
}

/// Runs as they are answered.
pub fn listed(runs: Vec<RunSummary>) -> Arc<Vec<RunDigest>> {
    let runs = runs.into_iter();
    Arc::new(runs.map(|run| RunDigest::new(run, None)).collect())
}

/// Those of these runs that are asked for.
pub fn read(asked: &ReadRuns, runs: &[RunSummary]) -> Vec<Arc<RunSummary>> {
    let asked = asked.folders.iter();
    let found = asked.filter_map(|folder| runs.iter().find(|run| run.folder == *folder));
    found.cloned().map(Arc::new).collect()
}

/// Everything is changed where it is.
fn changed(asked: &ChangeRuns) -> Changed {
    let done = asked.folders.iter();
    Changed {
        done: done
            .map(|folder| (folder.clone(), folder.clone()))
            .collect(),
        refused: Vec::new(),
    }
}

/// Three runs, of which one cannot be read.
pub fn runs() -> Vec<RunSummary> {
    let run = |title: &str, name: &str, epochs: usize| RunSummary {
        notes: RunNotes::default(),
        folder: format!("runs/{title}").into(),
        name: name.to_owned(),
        data: "Fashion-MNIST starter".to_owned(),
        started: None,
        planned_epochs: 10,
        history: (1..=epochs).map(metrics).collect(),
        stretches: Vec::new(),
        test: None,
        trained_by: None,
        problem: None,
    };
    let mut runs = vec![
        run("20261123-130000-fashion-bn4", "fashion-bn4", 2),
        run("20261122-091500-fashion-conv1", "fashion-conv1", 10),
        run("20261121-230000-damaged", "", 0),
    ];
    runs[2].problem = Some("runs/20261121-230000-damaged/run.yaml: cannot be read".to_owned());
    runs
}

/// Another program that trains a run.
pub fn other_program() -> TrainedBy {
    TrainedBy {
        process: 4242,
        host: "build-host".to_owned(),
        since: "2020-02-03T12:05:06Z".parse().unwrap(),
    }
}

/// A run after so many of its ten epochs, that another program trains, or trained until now.
pub fn elsewhere(epochs: usize, trained_by: Option<TrainedBy>) -> OpenedRun {
    let preset = Preset::open("fashion-bn4").unwrap();
    let mut facts = facts(1, &preset, "Fashion-MNIST starter");
    facts.history = (1..=epochs).map(metrics).collect();
    OpenedRun {
        chosen: facts.in_use.set.dataset.clone(),
        measured_on: facts.in_use.set.clone(),
        portion: Portion::Test,
        facts,
        preset,
        outcome: Outcome::Stopped { epochs },
        trained_by,
        table: Some(table(epochs)),
        test: None,
    }
}

pub fn progress(run: u64, epoch: usize, batch: usize) -> BatchProgress {
    let done = epoch as f64 - 1.0 + batch as f64 / 79.0;
    BatchProgress {
        run,
        epoch,
        batch,
        batches: 79,
        latest: vec![BatchFigures {
            loss: 0.2 + 1.5 / (1.0 + done) + 0.05 * (batch % 3) as f64,
            accuracy: 0.95 - 0.4 / (1.0 + done) - 0.05 * (batch % 3) as f64,
        }],
        mean_loss: 0.2 + 1.5 / (1.0 + done),
        mean_accuracy: 0.95 - 0.4 / (1.0 + done),
        images_per_second: 3412.0,
        learning_rate: 1.0,
        start_share: 0.0,
    }
}

pub fn metrics(epoch: usize) -> EpochMetrics {
    let done = epoch as f64;
    EpochMetrics {
        epoch,
        seconds: 3.5,
        images_per_second: 3400.0,
        learning_rate: 1.0,
        loss: 0.15 + 1.2 / (1.0 + done),
        accuracy: 0.96 - 0.3 / (1.0 + done),
        val_loss: 0.25 + 0.8 / (1.0 + done) + 0.01 * (done - 6.0).abs(),
        val_accuracy: 0.925 - 0.2 / (1.0 + done) - 0.002 * (done - 8.0).abs(),
        ..EpochMetrics::default()
    }
}

/// Two hundred images a class, most of them right.
pub fn table(epoch: usize) -> ConfusionTable {
    let mut table = ConfusionTable::new(10);
    for truth in 0..10 {
        for image in 0..200 {
            let is_wrong = image % 20 < 8usize.saturating_sub(epoch / 2).max(2);
            let other = (truth + 2 * (1 + image % 3)) % 10;
            table.add(truth, if is_wrong { other } else { truth });
        }
    }
    table
}

/// Frames in four grey levels, of another width for each class.
fn pixels(label: usize, index: usize) -> Vec<u8> {
    (0..28 * 28)
        .map(|at| {
            let (y, x) = (at / 28, at % 28);
            let edge = y.min(x).min(27 - y).min(27 - x);
            let ring = (edge + label + index % 2) % 4;
            85 * ring as u8
        })
        .collect()
}

pub fn page(request: &Page) -> ImagePage {
    let from = match request.order {
        Order::Random { seed, from } => seed as usize * 100 + from,
        Order::Sequential { from } => from,
    };
    ImagePage {
        shape: Shape::new(28, 28, 1),
        matching: 10_000,
        images: Arc::new(
            (from..from + request.count)
                .map(|index| {
                    let label = request.class.unwrap_or(index % 10);
                    LabelledImage {
                        index,
                        label: label as u16,
                        pixels: pixels(label, index),
                    }
                })
                .collect(),
        ),
    }
}

fn class_images(question: &ClassImages) -> Vec<Vec<LabelledImage>> {
    let of_class = |label: usize| {
        let images = (0..question.count).map(move |number| LabelledImage {
            index: 10 * number + label,
            label: label as u16,
            pixels: pixels(label, number),
        });
        images.collect()
    };
    (0..10).map(of_class).collect()
}

/// The pixels of the image in [0, 1].
fn exact_pixels(request: &Pixels) -> Vec<f32> {
    let pixels = pixels(request.image % 10, request.image);
    let values = pixels.iter();
    values.map(|value| f32::from(*value) / 255.0).collect()
}

/// Darker and darker versions.
fn augmented(request: &Versions) -> AugmentedImages {
    let image = request.image.image;
    let version = |epoch: u64| {
        let pixels = pixels(image % 10, image).into_iter();
        pixels.map(|value| value / (1 + epoch % 4) as u8).collect()
    };
    let epochs = (request.epoch..).take(request.count);
    AugmentedImages {
        shape: Shape::new(28, 28, 1),
        epoch: request.epoch,
        versions: epochs.map(version).collect(),
    }
}

/// Of a set whose test images are partly training images.
pub fn statistics() -> SetStatistics {
    statistics_of(&summary())
}

fn statistics_of(summary: &DatasetSummary) -> SetStatistics {
    let split = |counts: &[usize]| SplitStatistics {
        images: counts.iter().sum(),
        brightness: Moments {
            mean: 0.286,
            deviation: 0.126,
        },
        classes: counts
            .iter()
            .enumerate()
            .map(|(class, images)| ClassStatistics {
                images: *images,
                brightness: Moments {
                    mean: 0.2 + 0.02 * class as f64,
                    deviation: 0.1,
                },
                spread: 0.2,
                mean: pixels(class, 0),
                deviation: pixels(class + 1, 0)
                    .iter()
                    .map(|value| f32::from(*value) / 600.0)
                    .collect(),
            })
            .collect(),
    };
    let last = summary.class_names.len() as u16 - 1;
    SetStatistics {
        shape: Shape::new(28, 28, 1),
        reduction: 1,
        train: split(&summary.train_counts),
        test: split(&summary.test_counts),
        validation: None,
        duplicates: Duplicates {
            test_in_train: 12,
            validation_in_train: None,
            contradicting: 3,
            within_train: 43,
            within_test: 1,
            examples: vec![DuplicatePair {
                test: 17,
                test_label: last.min(6),
                train: 4711,
                train_label: last.min(2),
            }],
        },
    }
}

/// Sure of the class whose number is the count of inked pixels modulo ten; half of the ink is seen. The nearest images come after it.
fn predict(ask: Ask) -> Result<(), Ask> {
    let pending = ask.downcast::<Predict>()?;
    let question = &pending.question;
    let inked = question.image.iter().filter(|value| **value > 127).count();
    let mut probabilities = vec![0.02; 10];
    probabilities[inked % 10] = 0.82;
    let prediction = Prediction {
        trained_epochs: 0,
        probabilities,
        seen: question.image.iter().map(|value| value / 2).collect(),
        neighbours: None,
    };
    pending.answer(prediction.clone());
    let nearest = (0..question.neighbours).map(|index| LabelledImage {
        index,
        label: (index % 10) as u16,
        pixels: pixels(index % 10, index),
    });
    pending.answer(Prediction {
        neighbours: Some(nearest.collect()),
        ..prediction
    });
    Ok(())
}

fn kept(question: &KeepDrawing) -> Kept {
    Kept {
        path: format!("/home/me/drawings/{}/0001.png", question.class).into(),
        kept: 4,
    }
}

/// Four drawings of which the third is read as another class.
fn judged_drawings(question: &ReadDrawings) -> JudgedDrawings {
    let image = |index: usize| JudgedImage {
        judgement: Judgement {
            index,
            label: index as u16,
            predicted: if index == 2 { 5 } else { index as u16 },
            cross_entropy: 0.5,
            probabilities: vec![0.1; 10],
        },
        pixels: pixels(index, index),
    };
    JudgedDrawings {
        shape: question.weights.network.input,
        images: (0..4).map(image).collect(),
    }
}

/// The upper half of the image raises the score of the class, the lower half lowers it.
fn explained(asked: &Explain) -> Explanation {
    let input = asked.look.weights.network.input;
    let rows = (0..input.height).map(|row| if row < input.height / 2 { 1.0 } else { -1.0 });
    let heat: Vec<f32> = rows.flat_map(|value| vec![value; input.width]).collect();
    Explanation {
        method: asked.method.clone(),
        class: asked.class.unwrap_or(index_of(&asked.look.subject) % 10),
        score: 3.0,
        probability: 0.82,
        values: heat.clone(),
        heat,
        shape: input,
        note: String::new(),
        layer: None,
    }
}

/// Fifty images of each selection, less and less sure of class 4.
pub fn judged(question: &Judge) -> Judging {
    let (label, predicted) = match question.gallery {
        Gallery::Cell { truth, predicted } => (truth, predicted),
        _ => (6, 4),
    };
    let image = |index: usize| {
        let first = 0.99 - 0.01 * index as f32;
        let mut probabilities = vec![(1.0 - first) / 9.0; 10];
        probabilities[predicted] = first;
        JudgedImage {
            judgement: Judgement {
                index: 7 * index,
                label: label as u16,
                predicted: predicted as u16,
                cross_entropy: 1.5,
                probabilities,
            },
            pixels: pixels(label, index),
        }
    };
    let predictions = Predictions::new(2, vec![0.9, 0.1, 0.2, 0.8, 0.6, 0.4], vec![0, 1, 1]);
    let page = (question.from..50).take(question.count);
    Judging::Done(Box::new(JudgedPage {
        results: Arc::new(Results {
            run: question.run,
            epochs: question.epochs,
            set: SetNames {
                dataset: question.dataset.clone(),
                ..names("")
            },
            portion: question.portion,
            table: table(question.epochs),
            figures: Figures::of(&predictions).unwrap(),
        }),
        // Every third image validates.
        untrained: match question.gallery {
            Gallery::HighestLoss => page.clone().filter(|i| i % 3 == 2).map(|i| 7 * i).collect(),
            _ => Vec::new(),
        },
        shape: Shape::new(28, 28, 1),
        matching: 50,
        from: question.from,
        images: page.map(image).collect(),
    }))
}

/// The image's position in its set; of a drawing 0.
fn index_of(subject: &Subject) -> usize {
    match subject {
        Subject::OfSet { index, .. } => *index,
        Subject::Drawing { .. } => 0,
    }
}

pub fn feature_maps(asked: &Maps, trained_epochs: usize) -> ShownMaps {
    let look = &asked.look;
    let summary = NetworkSummary::new(&look.weights.network);
    let shape = summary.layers[look.layer].output.unwrap();
    let values = (0..shape.len())
        .map(|at| {
            let (place, channel) = (at / shape.channels, at % shape.channels);
            ((place + channel) % 4) as f32 * 0.5
        })
        .collect();
    let image = index_of(&look.subject);
    let mut probabilities = vec![0.02; 10];
    probabilities[image % 10] = 0.82;
    ShownMaps {
        trained_epochs: look.weights.epoch.unwrap_or(trained_epochs),
        batches: 0,
        label: Some((image % 10) as u16),
        pixels: pixels(image % 10, image),
        input: look.weights.network.input,
        maps: FeatureMaps {
            layer: look.layer,
            shape,
            values,
            probabilities,
        },
    }
}

/// Three input channels of a 3×3 window, all products one thousandth of their number: of the first layer for the first three, else of
/// the layer itself.
fn found_origin(asked: &OriginOf) -> Result<Origin, String> {
    let window = Shape::new(3, 3, 3);
    let term = |number: usize| {
        let value = number as f32 * 0.1;
        Term {
            place: (number >= 9).then_some(asked.place),
            value,
            weight: 0.01,
            product: value * 0.01,
        }
    };
    let terms: Vec<Term> = (0..window.len()).map(term).collect();
    let sum: f32 = terms.iter().map(|term| term.product).sum::<f32>() - 0.25;
    let last = asked.look.layer;
    let layers = if last > 2 { last..=last } else { 0..=last };
    let arithmetic = Arithmetic {
        layer: *layers.start(),
        place: asked.place,
        window,
        terms,
        bias: -0.25,
        sum,
        output: sum,
    };
    let step = |layer| Step {
        layer,
        place: asked.place,
        value: sum + (layer - layers.start()) as f32,
    };
    Ok(Origin {
        arithmetic,
        paths: Vec::new(),
        steps: layers.clone().map(step).collect(),
    })
}

fn excited(asked: &Excite) -> Excited {
    let input = asked.weights.network.input;
    let image = |number: usize| ExcitingImage {
        image: LabelledImage {
            index: number,
            label: (number % 10) as u16,
            pixels: pixels(number % 10, number),
        },
        activation: 5.0 - number as f32 * 0.5,
        sees: Rectangle {
            rows: 4..16,
            columns: 8..20,
        },
    };
    Excited {
        done: 1000,
        total: 2000,
        images: (0..asked.images).map(image).collect(),
        ascent: Ascent {
            layer: asked.layer,
            filter: asked.filter,
            shape: input,
            image: (0..input.len()).map(|at| (at % 5) as f32 / 4.0).collect(),
            activations: vec![0.1, 2.5],
            activation: 2.5,
        },
    }
}

/// Tells each epoch that was asked for.
fn answer_health(ask: Ask) -> Result<(), Ask> {
    let pending = ask.downcast::<HealthOf>()?;
    for epoch in &pending.question.epochs {
        pending.answer(health(&pending.question, *epoch));
    }
    Ok(())
}

/// A second convolution of which more dies with every epoch.
fn health(asked: &HealthOf, epoch: usize) -> EpochHealth {
    let summary = NetworkSummary::new(&asked.weights.network);
    let spread = |width: f32| {
        let numbers: Vec<f32> = (0..200)
            .map(|n| width * (n as f32 / 100.0 - 1.0).powi(3))
            .collect();
        Spread::of(&numbers)
    };
    let layer = |(number, layer): (usize, &LayerSummary)| {
        let has_weights = layer.parameters > 0;
        LayerHealth {
            name: layer.name.clone(),
            dead: (layer.name.contains("relu")).then_some(DeadUnits {
                units: 1000,
                dead_units: 60 * epoch,
                filters: 100,
                dead_filters: if number > 3 { 6 * epoch } else { 0 },
            }),
            weights: has_weights.then(|| spread(0.05 * (epoch + 1) as f32)),
            gradients: has_weights.then(|| spread(0.001 / (epoch + 1) as f32)),
            values: spread(1.0 + number as f32),
        }
    };
    let layers = summary.layers.iter().enumerate().map(layer).collect();
    EpochHealth {
        epoch,
        health: Health {
            images: 256,
            layers,
        },
        remarks: vec![Remark {
            layer: 3,
            sentence: format!(
                "conv2d_2: {} % of its filters never fire on these 256 images",
                6 * epoch
            ),
        }],
    }
}
