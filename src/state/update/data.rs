//! Opening, making, renaming and unloading sets.

use super::super::data::{
    Browser, DataMessage, Job, RenameForm, ReplaceQuestion, Row, TaskDraft, TaskForm,
};
use super::super::lab::{Lab, Notice};
use super::super::line_input::LineInput;
use super::super::overlay::Overlay;
use super::super::pane_id::PaneId;
use super::choose_set;
use crate::data::browse::EntryKind;
use crate::data::tasks::{OPEN, OPEN_IMAGES, TaskKind, TaskRequest};
use crate::worker::{Command, DataCommand, DataEvent, JobEnd};

pub(super) fn apply(lab: &mut Lab, message: DataMessage, commands: &mut Vec<Command>) {
    match message {
        DataMessage::Browse(text) => {
            let browser = Browser::new(lab.browse_from.clone(), text);
            lab.overlay = Some(Overlay::Browser(Box::new(browser)));
        }
        DataMessage::RowAt(cursor) => in_browser(lab, |browser| browser.cursor = cursor),
        DataMessage::TakeRow => take_row(lab, false, commands),
        DataMessage::TakeRowWithOptions => take_row(lab, true, commands),
        DataMessage::GoIn => go_in(lab),
        DataMessage::GoOut => in_browser(lab, |browser| {
            if let Some(parent) = browser.parent() {
                browser.go_to(&parent);
            }
        }),
        DataMessage::ToggleHidden => in_browser(lab, Browser::toggle_hidden),
        DataMessage::Open(choice) => {
            lab.overlay = None;
            start(lab, TaskRequest::new(&OPEN, [choice]), commands);
        }
        DataMessage::AskFor(kind) => ask_for(lab, kind),
        DataMessage::Replace => {
            if let Some(Overlay::Replace(question)) = lab.overlay.take() {
                let mut request = question.request;
                request.replace = true;
                start(lab, request, commands);
            }
        }
        DataMessage::Cancel => cancel(lab, commands),
        DataMessage::AskName => {
            if let Some(set) = lab.sets.get(lab.cursors.set) {
                lab.overlay = Some(Overlay::Rename(RenameForm {
                    set: set.name.clone(),
                    input: LineInput::new(set.name.clone()),
                    problem: None,
                }));
            }
        }
        DataMessage::Unload => {
            if let Some(reason) = lab.unload_blocked() {
                lab.say(Notice::Refusal, reason);
            } else if let Some(set) = lab.sets.get(lab.cursors.set) {
                let name = set.name.clone();
                commands.push(Command::Data(DataCommand::Unload { name }));
            }
        }
    }
}

/// Asks for the folder that the open browser is about, if that has not been asked for.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(Overlay::Browser(browser)) = &lab.overlay else {
        return;
    };
    if let Some((base, text)) = browser.wanted() {
        let request = lab.next_request();
        commands.push(Command::Data(DataCommand::List {
            request,
            base,
            text,
        }));
        in_browser(lab, |browser| browser.ask(request));
    }
}

fn in_browser(lab: &mut Lab, change: impl FnOnce(&mut Browser)) {
    if let Some(Overlay::Browser(browser)) = &mut lab.overlay {
        change(browser);
    }
}

/// What the row under the browser's cursor asks for.
enum Wish {
    Open(String),
    OpenImages(String),
    GoTo(std::path::PathBuf),
    Refuse(String),
}

fn take_row(lab: &mut Lab, with_options: bool, commands: &mut Vec<Command>) {
    let Some(Overlay::Browser(browser)) = &lab.overlay else {
        return;
    };
    let opened = |kind: EntryKind, path: &std::path::Path, name: &str| match kind {
        EntryKind::Images { .. } => Wish::OpenImages(path.display().to_string()),
        EntryKind::Idx | EntryKind::Npz => Wish::Open(path.display().to_string()),
        EntryKind::Folder => Wish::GoTo(path.to_owned()),
        EntryKind::Closed => Wish::Refuse(format!(
            "{name}: this folder may not be read; ask its owner for the permission"
        )),
        EntryKind::IdxFile => Wish::Refuse(format!(
            "{name} is one of a set's four IDX files: open the folder that holds them"
        )),
        EntryKind::File => Wish::Refuse(format!(
            "{name} is no data set: npz files, folders of IDX files and folders of images are"
        )),
    };
    let wish = match browser.row() {
        Some(Row::Known(known)) => Wish::Open(known.name.clone()),
        Some(Row::Recent(entry) | Row::Entry(entry)) => {
            opened(entry.kind, &entry.path, &entry.name)
        }
        Some(Row::Here(listing)) => opened(listing.kind, &listing.folder, &listing.title),
        Some(Row::Parent) => match browser.parent() {
            Some(parent) => Wish::GoTo(parent),
            None => return,
        },
        None => match browser.typed_path() {
            Some(path) => Wish::Open(path),
            None => Wish::Refuse("there is nothing to open here".to_owned()),
        },
    };
    match wish {
        Wish::Open(choice) if !with_options => {
            lab.browse_from = browser.folder();
            apply(lab, DataMessage::Open(choice), commands);
        }
        Wish::Open(choice) => form(lab, &OPEN, [choice]),
        // A folder of images has more to say than its place.
        Wish::OpenImages(folder) => form(lab, &OPEN_IMAGES, [folder]),
        Wish::GoTo(folder) => in_browser(lab, |browser| browser.go_to(&folder)),
        Wish::Refuse(reason) => lab.say(Notice::Refusal, reason),
    }
}

fn go_in(lab: &mut Lab) {
    let Some(Overlay::Browser(browser)) = &lab.overlay else {
        return;
    };
    let folder = match browser.row() {
        Some(Row::Entry(entry) | Row::Recent(entry)) if entry.kind.is_folder() => {
            Some(entry.path.clone())
        }
        Some(Row::Parent) => browser.parent(),
        _ => None,
    };
    match folder {
        Some(folder) => in_browser(lab, |browser| browser.go_to(&folder)),
        None => lab.say(Notice::Refusal, "this is no folder to go into"),
    }
}

fn ask_for(lab: &mut Lab, kind: &'static TaskKind) {
    if kind.changes_a_set && lab.chosen_set().is_none() {
        lab.say(
            Notice::Refusal,
            "no set is loaded whose images could be changed: open one with o",
        );
        return;
    }
    let target = kind.changes_a_set.then(|| {
        let name = lab.chosen_set().map_or("", |set| set.name.as_str());
        format!("{}-augmented.npz", file_name(name))
    });
    form(lab, kind, target);
}

fn form(lab: &mut Lab, kind: &'static TaskKind, texts: impl IntoIterator<Item = String>) {
    let dataset = lab.chosen_set().filter(|_| kind.changes_a_set).cloned();
    let draft = TaskDraft::new(TaskRequest::new(kind, texts), dataset);
    let form = TaskForm::of_task(draft);
    lab.overlay = Some(Overlay::Task(Box::new(form)));
}

/// A name that every system takes for a file.
fn file_name(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_alphanumeric() || "-_.".contains(letter) => letter.to_ascii_lowercase(),
        _ => '-',
    });
    letters.collect()
}

/// Takes what the open form says.
pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.overlay.take() {
        Some(Overlay::Task(mut form)) => {
            let blocked = lab.start_job_blocked(form.draft.kind());
            let missing = form.draft.missing();
            form.problem = missing.or_else(|| form.illegal()).or(blocked);
            if form.problem.is_none() {
                start(lab, form.draft.request, commands);
            } else {
                lab.overlay = Some(Overlay::Task(form));
            }
        }
        Some(Overlay::Rename(mut form)) => {
            let name = form.input.text().trim().to_owned();
            let is_taken = lab
                .sets
                .iter()
                .any(|set| set.name == name && name != form.set);
            form.problem = if name.is_empty() {
                Some("expected a name, got nothing".to_owned())
            } else if is_taken {
                Some(format!(
                    "there is a set called {name} already; choose another name"
                ))
            } else {
                None
            };
            if form.problem.is_some() {
                lab.overlay = Some(Overlay::Rename(form));
            } else if name != form.set {
                let from = form.set;
                commands.push(Command::Data(DataCommand::Rename { from, to: name }));
            }
        }
        other => lab.overlay = other,
    }
}

fn start(lab: &mut Lab, request: TaskRequest, commands: &mut Vec<Command>) {
    if let Some(reason) = lab.start_job_blocked(request.task.kind()) {
        lab.say(Notice::Refusal, reason);
        return;
    }
    lab.overlay = None;
    let command = begin(lab, request);
    commands.push(command);
}

/// Puts a job among those under way.
pub(in crate::state) fn begin(lab: &mut Lab, request: TaskRequest) -> Command {
    let id = lab.next_request();
    lab.jobs.push(Job::new(id, request.clone()));
    Command::Data(DataCommand::Start { job: id, request })
}

fn cancel(lab: &mut Lab, commands: &mut Vec<Command>) {
    let latest = lab.jobs.iter_mut().rev().find(|job| !job.is_cancelled);
    let Some(job) = latest else {
        return lab.say(Notice::Refusal, "nothing is being loaded or made");
    };
    job.is_cancelled = true;
    let (id, doing) = (job.id, job.doing());
    commands.push(Command::Data(DataCommand::Cancel { job: id }));
    lab.say(Notice::Information, format!("Stopping: {doing} …"));
}

pub(super) fn told(lab: &mut Lab, event: DataEvent) {
    match event {
        DataEvent::JobProgress {
            job,
            done,
            all,
            seconds,
        } => {
            if let Some(job) = lab.jobs.iter_mut().find(|known| known.id == job) {
                (job.steps, job.seconds) = (Some((done, all)), seconds);
            }
        }
        DataEvent::JobEnded { job, end } => {
            let position = lab.jobs.iter().position(|known| known.id == job);
            if let Some(position) = position {
                let job = lab.jobs.remove(position);
                ended(lab, &job, end);
            }
        }
        DataEvent::Folder(shelf) => in_browser(lab, |browser| browser.answer(shelf)),
        DataEvent::Recognized { name, names } => {
            let mut sets = lab.sets.iter_mut();
            if let Some(set) = sets.find(|set| set.name == name) {
                set.names = names;
            }
        }
        DataEvent::Renamed { from, to } => renamed(lab, &from, &to),
        DataEvent::Unloaded { name } => unloaded(lab, &name),
    }
}

fn ended(lab: &mut Lab, job: &Job, end: JobEnd) {
    let doing = job.doing();
    match end {
        JobEnd::Done { message } if message.is_empty() => {}
        JobEnd::Done { message } => lab.say(Notice::Information, message),
        JobEnd::InTheWay { path } if lab.overlay.is_none() => {
            let request = job.request.clone();
            lab.overlay = Some(Overlay::Replace(Box::new(ReplaceQuestion {
                request,
                path,
            })));
        }
        JobEnd::InTheWay { path } => lab.say(
            Notice::Error,
            format!("{path} is there already, so nothing was made; name another file"),
        ),
        JobEnd::Cancelled => {
            let left = match *job.request.task.kind() == crate::data::tasks::FETCH {
                true => "What has come is kept, and the next fetch goes on from there.",
                false => "Nothing of it is left.",
            };
            lab.say(Notice::Information, format!("Stopped {doing}. {left}"));
        }
        JobEnd::Failed { message } => {
            // What was asked for in a form is corrected there, unless the person has gone elsewhere meanwhile.
            let is_here = lab.overlay.is_none() && lab.pane == PaneId::Data;
            if is_here && *job.request.task.kind() != OPEN {
                let set = job.request.dataset.as_ref();
                let set = set.and_then(|name| lab.sets.iter().find(|set| set.name == *name));
                let draft = TaskDraft::new(job.request.clone(), set.cloned());
                let mut form = TaskForm::of_task(draft);
                form.problem = Some(message);
                lab.overlay = Some(Overlay::Task(Box::new(form)));
            } else {
                lab.say(Notice::Error, format!("Stopped {doing}: {message}"));
            }
        }
    }
}

fn renamed(lab: &mut Lab, from: &str, to: &str) {
    if let Some(set) = lab.sets.iter_mut().find(|set| set.name == from) {
        to.clone_into(&mut set.name);
    }
    let of_run = lab.run.as_mut().into_iter();
    let of_run = of_run.flat_map(|run| [&mut run.in_use.set, &mut run.measured_on]);
    let of_page = lab.gallery.page.as_mut().map(|page| &mut page.set);
    for set in of_run.chain(of_page) {
        if set.dataset == from {
            to.clone_into(&mut set.dataset);
        }
    }
    lab.corrections.rename(from, to);
    lab.say(Notice::Information, format!("{from} is called {to} now."));
}

fn unloaded(lab: &mut Lab, name: &str) {
    let Some(position) = lab.sets.iter().position(|set| set.name == name) else {
        return;
    };
    lab.sets.remove(position);
    lab.corrections.forget(name);
    let last = lab.sets.len().saturating_sub(1);
    lab.cursors.set = lab.cursors.set.min(last);
    match lab.chosen {
        Some(chosen) if chosen == position => {
            lab.chosen = None;
            // The one that took its place, so that the program has a set to follow as long as there is one.
            choose_set(lab, position.min(last));
        }
        Some(chosen) if chosen > position => lab.chosen = Some(chosen - 1),
        _ => {}
    }
    let kept = lab
        .run
        .as_ref()
        .is_some_and(|run| run.in_use.set.dataset == name);
    let kept = match kept {
        true => " The last training keeps its images until the next one begins.",
        false => "",
    };
    lab.say(
        Notice::Information,
        format!("{name} is unloaded; its files stay.{kept}"),
    );
}

impl Lab {
    /// Why no job of this kind can begin now.
    pub fn start_job_blocked(&self, kind: &TaskKind) -> Option<String> {
        let is_opening = |kind: &TaskKind| *kind == OPEN || *kind == OPEN_IMAGES;
        let other = self
            .jobs
            .iter()
            .find(|job| is_opening(job.request.task.kind()) == is_opening(kind))?;
        Some(format!(
            "one at a time: {} goes on; wait for it, or stop it with x",
            other.doing()
        ))
    }

    /// Why the set under the cursor cannot be unloaded now.
    pub fn unload_blocked(&self) -> Option<String> {
        let Some(set) = self.sets.get(self.cursors.set) else {
            return Some("no set is loaded".to_owned());
        };
        let run = self
            .active_run()
            .filter(|run| run.in_use.set.dataset == set.name)?;
        Some(format!(
            "{} is training on {}: stop it first with s on the Train pane",
            run.facts.name, set.name
        ))
    }
}
