//! Data sets as a person handles them: the browser, forms, jobs, names.

use std::path::PathBuf;

use super::super::data::{DataMessage, Row};
use super::super::lab::{Lab, Notice};
use super::super::message::Message;
use super::super::overlay::OldOverlay as Overlay;
use super::tests::told;
use super::update;
use crate::data::DatasetSummary;
use crate::data::browse::{Entry, EntryKind, KnownPlace, Listing};
use crate::data::formats::{IMAGES, npz::NPZ};
use crate::data::tasks::{DIGITS, FETCH, OPEN, OPEN_IMAGES, SHIFTED, TaskRequest, WARPED};
use crate::field::Value;
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::Edit;
use crate::worker::{Command, DataCommand, DataEvent, Event, JobEnd, Shelf};

fn lab() -> Lab {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut lab, _) = Lab::new(None, preset, None);
    loaded(&mut lab, "clothes", ["shirt", "bag"]);
    end(
        &mut lab,
        JobEnd::Done {
            message: String::new(),
        },
    );
    lab
}

fn loaded(lab: &mut Lab, name: &str, classes: [&str; 2]) {
    let summary = DatasetSummary {
        name: name.to_owned(),
        source: "memory".to_owned(),
        names: Vec::new(),
        shape: Shape::new(28, 28, 1),
        class_names: classes.map(str::to_owned).to_vec(),
        train_counts: vec![30, 30],
        test_counts: vec![5, 5],
        memory: 60_000,
        note: String::new(),
    };
    let seconds = 0.1;
    told(lab, Event::DataLoaded { summary, seconds });
}

fn tell(lab: &mut Lab, event: DataEvent) -> Vec<Command> {
    told(lab, Event::Data(event))
}

#[test]
fn a_loaded_set_is_recognized_as_all_of_a_known_one_when_its_pixels_are_hashed() {
    let mut lab = lab();
    assert!(!lab.sets[0].is_all_of("fashion-mnist"));
    for (name, is_its_own) in [("another", false), ("clothes", true)] {
        let names = vec!["fashion-mnist".to_owned()];
        let name = name.to_owned();
        assert_eq!(tell(&mut lab, DataEvent::Recognized { name, names }), []);
        assert_eq!(lab.sets[0].is_all_of("fashion-mnist"), is_its_own);
    }
}

/// The latest job ends.
fn end(lab: &mut Lab, end: JobEnd) {
    let job = lab.jobs.last().unwrap().id;
    tell(lab, DataEvent::JobEnded { job, end });
}

fn data(lab: &mut Lab, message: DataMessage) -> Vec<Command> {
    update(lab, Message::Data(message))
}

fn typed(lab: &mut Lab, text: &str) -> Vec<Command> {
    update(lab, Message::Edit(Edit::Paste(text.to_owned())))
}

fn said(lab: &Lab) -> (Notice, &str) {
    let status = lab.status.as_ref().unwrap();
    (status.notice, &status.text)
}

/// What was begun.
fn begun(commands: &[Command]) -> &TaskRequest {
    match commands {
        [Command::Data(DataCommand::Start { request, .. })] => request,
        other => panic!("{other:?}"),
    }
}

fn asked(commands: &[Command]) -> (u64, Option<PathBuf>, String) {
    match commands {
        [
            Command::Data(DataCommand::List {
                request,
                base,
                text,
            }),
        ] => (*request, base.clone(), text.clone()),
        other => panic!("{other:?}"),
    }
}

fn entry(name: &str, kind: EntryKind) -> Entry {
    Entry {
        name: name.to_owned(),
        path: PathBuf::from("/home/me").join(name),
        kind,
        bytes: Some(7),
    }
}

fn shelf(request: u64) -> Shelf {
    Shelf {
        request,
        listing: Ok(Listing {
            folder: PathBuf::from("/home/me"),
            title: "~".to_owned(),
            kind: EntryKind::Folder,
            entries: vec![
                entry(".cache", EntryKind::Folder),
                entry(
                    "pets",
                    EntryKind::Data(&IMAGES, "images in 2 classes".to_owned()),
                ),
                entry("sets", EntryKind::Folder),
                entry("a.npz", EntryKind::Data(&NPZ, "npz".to_owned())),
                entry("a.npz.bak", EntryKind::File),
            ],
            left_out: 0,
        }),
        recent: vec![entry("old.npz", EntryKind::Data(&NPZ, "npz".to_owned()))],
        known: vec![KnownPlace {
            name: "mnist".to_owned(),
            place: "in the program".to_owned(),
            is_whole: false,
        }],
    }
}

/// The open browser after its first answer.
fn browsing() -> Lab {
    let mut lab = lab();
    let (request, base, text) = asked(&data(&mut lab, DataMessage::Browse(String::new())));
    assert_eq!((base, text.as_str()), (None, ""));
    tell(&mut lab, DataEvent::Folder(shelf(request)));
    lab
}

fn rows(lab: &Lab) -> Vec<String> {
    let Some(Overlay::Browser(browser)) = &lab.old_overlay else {
        panic!("the browser is open");
    };
    let name = |row: &Row<'_>| match row {
        Row::Recent(entry) => format!("recent {}", entry.name),
        Row::Known(known) => format!("known {}", known.name),
        Row::Here(_) => ".".to_owned(),
        Row::Parent => "..".to_owned(),
        Row::Entry(entry) => entry.name.clone(),
    };
    browser.rows().iter().map(name).collect()
}

#[test]
fn what_was_opened_lately_comes_first_then_names_then_the_folder() {
    let lab = browsing();
    let expected = [
        "recent old.npz",
        "known mnist",
        "..",
        "pets",
        "sets",
        "a.npz",
        "a.npz.bak",
    ];
    assert_eq!(rows(&lab), expected);
}

#[test]
fn typing_narrows_and_a_whole_name_is_the_one_that_is_meant() {
    let mut lab = browsing();
    assert_eq!(typed(&mut lab, "NPZ"), []);
    assert_eq!(rows(&lab), ["recent old.npz", "a.npz", "a.npz.bak"]);
    for _ in 0..3 {
        update(&mut lab, Message::Edit(Edit::DeleteBefore));
    }
    typed(&mut lab, ".");
    assert!(rows(&lab).contains(&".cache".to_owned()));
    update(&mut lab, Message::Edit(Edit::DeleteBefore));
    assert!(!rows(&lab).contains(&".cache".to_owned()));
    data(&mut lab, DataMessage::ToggleHidden);
    assert!(rows(&lab).contains(&".cache".to_owned()));
    // Both begin so, but one is named whole.
    typed(&mut lab, "a.npz");
    assert_eq!(rows(&lab), ["a.npz", "a.npz.bak"]);
    let commands = data(&mut lab, DataMessage::TakeRow);
    assert_eq!(begun(&commands).texts, ["/home/me/a.npz"]);
    assert_eq!(lab.old_overlay, None);
    assert_eq!(lab.opening(), Some("/home/me/a.npz"));
}

#[test]
fn a_slash_goes_to_another_folder_and_late_answers_are_ignored() {
    let mut lab = browsing();
    let (first, _, text) = asked(&typed(&mut lab, "~/se"));
    assert_eq!(text, "~/");
    assert!(rows(&lab).is_empty(), "the old folder is not shown");
    assert_eq!(
        typed(&mut lab, "t"),
        [],
        "the same folder is not asked for again"
    );
    let (second, _, text) = asked(&typed(&mut lab, "s/"));
    assert_eq!(text, "~/sets/");
    tell(&mut lab, DataEvent::Folder(shelf(first)));
    assert!(rows(&lab).is_empty());
    tell(&mut lab, DataEvent::Folder(shelf(second)));
    // A path was typed: what has a name is of no interest.
    assert_eq!(rows(&lab)[0], "..");
}

#[test]
fn folders_are_gone_into_and_out_of() {
    let mut lab = browsing();
    data(&mut lab, DataMessage::RowAt(4));
    let (request, base, text) = asked(&data(&mut lab, DataMessage::TakeRow));
    assert_eq!(base.as_deref(), Some("/home/me/sets".as_ref()));
    assert_eq!(text, "");
    tell(&mut lab, DataEvent::Folder(shelf(request)));
    assert_eq!(rows(&lab)[..2], ["..", "pets"], "only the folder is left");
    let (_, base, _) = asked(&data(&mut lab, DataMessage::GoOut));
    assert_eq!(base.as_deref(), Some("/home".as_ref()));

    // A folder of images can be opened, with its own form, or gone into.
    let mut lab = browsing();
    data(&mut lab, DataMessage::RowAt(3));
    let (_, base, _) = asked(&data(&mut lab, DataMessage::GoIn));
    assert_eq!(base.as_deref(), Some("/home/me/pets".as_ref()));
    let mut lab = browsing();
    data(&mut lab, DataMessage::RowAt(3));
    data(&mut lab, DataMessage::TakeRow);
    let Some(Overlay::Task(form)) = &lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    assert_eq!(form.kind(), &OPEN_IMAGES);
    // The folder is named already, so the keys go to the first field.
    for size in ["28", "28"] {
        typed(&mut lab, size);
        data(&mut lab, DataMessage::StepField(1));
    }
    let commands = update(&mut lab, Message::Accept);
    let request = begun(&commands);
    assert_eq!(request.texts, ["/home/me/pets"]);
    assert_eq!(request.task.value("height"), Value::Whole(28));
    assert_eq!(request.task.value("width"), Value::Whole(28));
}

#[test]
fn what_is_no_data_is_refused_with_the_reason_and_the_browser_stays() {
    let mut lab = browsing();
    data(&mut lab, DataMessage::RowAt(6));
    assert_eq!(data(&mut lab, DataMessage::TakeRow), []);
    let (notice, text) = said(&lab);
    assert_eq!(notice, Notice::Refusal);
    assert!(text.starts_with("a.npz.bak is no data set"), "{text}");
    assert!(matches!(lab.old_overlay, Some(Overlay::Browser(_))));
}

#[test]
fn one_opening_and_one_making_at_a_time() {
    let mut lab = lab();
    let open = |lab: &mut Lab| data(lab, DataMessage::Open("mnist".to_owned()));
    assert_eq!(begun(&open(&mut lab)).texts, ["mnist"]);
    assert_eq!(open(&mut lab), []);
    assert!(
        said(&lab).1.contains("loading mnist goes on"),
        "{:?}",
        said(&lab)
    );
    // Making goes on beside it.
    data(&mut lab, DataMessage::AskFor(&SHIFTED));
    let commands = update(&mut lab, Message::Accept);
    let request = begun(&commands);
    assert_eq!(request.dataset.as_deref(), Some("clothes"));
    assert_eq!(request.texts, ["clothes-augmented.npz"]);
    assert_eq!(lab.jobs.len(), 2);
    data(&mut lab, DataMessage::AskFor(&FETCH));
    assert_eq!(update(&mut lab, Message::Accept), []);
    let Some(Overlay::Task(form)) = &lab.old_overlay else {
        panic!("the form stays open");
    };
    let problem = form.problem.as_deref().unwrap();
    assert!(
        problem.contains("augmenting to clothes-augmented.npz goes on"),
        "{problem}"
    );
}

#[test]
fn progress_is_kept_and_the_latest_job_is_stopped() {
    let mut lab = lab();
    data(&mut lab, DataMessage::AskFor(&SHIFTED));
    update(&mut lab, Message::Accept);
    let job = lab.jobs[0].id;
    let progress = |job| DataEvent::JobProgress {
        job,
        done: 30,
        all: 120,
        seconds: 2.0,
    };
    tell(&mut lab, progress(job));
    tell(&mut lab, progress(job + 100));
    assert_eq!(lab.jobs[0].share(), Some(0.25));
    assert_eq!(lab.jobs[0].seconds_left(), Some(6.0));
    let commands = data(&mut lab, DataMessage::Cancel);
    assert_eq!(commands, [Command::Data(DataCommand::Cancel { job })]);
    assert_eq!(data(&mut lab, DataMessage::Cancel), [], "once is enough");
    end(&mut lab, JobEnd::Cancelled);
    assert!(lab.jobs.is_empty());
    assert!(
        said(&lab).1.ends_with("Nothing of it is left."),
        "{:?}",
        said(&lab)
    );
}

#[test]
fn a_file_in_the_way_is_asked_about_and_replaced_only_on_yes() {
    let mut lab = lab();
    data(&mut lab, DataMessage::AskFor(&WARPED));
    let first = update(&mut lab, Message::Accept);
    assert!(!begun(&first).replace);
    let path = "~/clothes-augmented.npz".to_owned();
    end(&mut lab, JobEnd::InTheWay { path: path.clone() });
    assert!(matches!(&lab.old_overlay, Some(Overlay::Replace(asked)) if asked.path == path));
    let second = data(&mut lab, DataMessage::Replace);
    let expected = TaskRequest {
        replace: true,
        ..begun(&first).clone()
    };
    assert_eq!(begun(&second), &expected);
}

#[test]
fn a_form_that_was_refused_comes_back_as_it_was_with_the_reason() {
    let mut lab = lab();
    data(&mut lab, DataMessage::AskFor(&DIGITS));
    assert_eq!(update(&mut lab, Message::Accept), []);
    let Some(Overlay::Task(form)) = &lab.old_overlay else {
        panic!("a path is missing");
    };
    let problem = form.problem.as_deref().unwrap();
    assert!(problem.starts_with("write_to: expected"), "{problem}");
    typed(&mut lab, "/nowhere/digits");
    data(&mut lab, DataMessage::StepField(2));
    typed(&mut lab, "0");
    assert_eq!(
        update(&mut lab, Message::Accept),
        [],
        "a field is not legal"
    );
    data(&mut lab, DataMessage::StepValue { up: true });
    let request = begun(&update(&mut lab, Message::Accept)).clone();
    let message = "/nowhere/digits.npz: could not be written".to_owned();
    end(&mut lab, JobEnd::Failed { message });
    let Some(Overlay::Task(form)) = &lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    assert_eq!(form.request(), request);
    assert!(form.problem.is_some());
}

#[test]
fn a_horizontal_flip_of_digits_is_warned_of() {
    let mut lab = lab();
    loaded(&mut lab, "digits", ["0", "1"]);
    data(&mut lab, DataMessage::AskFor(&WARPED));
    let warning = |lab: &Lab| match &lab.old_overlay {
        Some(Overlay::Task(form)) => form.request().warning(form.dataset.as_ref().unwrap()),
        other => panic!("{other:?}"),
    };
    assert_eq!(warning(&lab), None);
    while let Some(Overlay::Task(form)) = &lab.old_overlay
        && form.fields.current().unwrap().field.name != "horizontal_flip"
    {
        data(&mut lab, DataMessage::StepField(1));
    }
    data(&mut lab, DataMessage::StepValue { up: true });
    assert!(warning(&lab).unwrap().contains("mirrors digits"));
}

#[test]
fn sets_are_renamed_and_unloaded_and_the_program_follows() {
    let mut lab = lab();
    loaded(&mut lab, "digits", ["0", "1"]);
    assert_eq!(lab.chosen, Some(1));
    data(&mut lab, DataMessage::AskName);
    update(&mut lab, Message::Edit(Edit::DeleteToStart));
    typed(&mut lab, "clothes");
    assert_eq!(update(&mut lab, Message::Accept), [], "that name is taken");
    typed(&mut lab, " 2");
    let commands = update(&mut lab, Message::Accept);
    let (from, to) = ("digits".to_owned(), "clothes 2".to_owned());
    let rename = DataCommand::Rename {
        from: from.clone(),
        to: to.clone(),
    };
    assert_eq!(commands, [Command::Data(rename)]);
    tell(&mut lab, DataEvent::Renamed { from, to });
    assert_eq!(lab.chosen_set().unwrap().name, "clothes 2");

    // The chosen one goes: the other takes its place.
    lab.cursors.set = 1;
    let name = "clothes 2".to_owned();
    let commands = data(&mut lab, DataMessage::Unload);
    let unload = DataCommand::Unload { name: name.clone() };
    assert_eq!(commands, [Command::Data(unload)]);
    tell(&mut lab, DataEvent::Unloaded { name });
    assert_eq!(lab.chosen_set().unwrap().name, "clothes");
    let name = "clothes".to_owned();
    tell(&mut lab, DataEvent::Unloaded { name });
    assert!(lab.chosen_set().is_none());
    assert_eq!(data(&mut lab, DataMessage::Unload), []);
    assert_eq!(said(&lab).1, "no set is loaded");
}

#[test]
fn the_first_set_is_opened_by_a_job() {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (lab, commands) = Lab::new(Some("/data/x.npz".to_owned()), preset, None);
    let request = begun(&commands);
    assert_eq!(
        (request.task.kind(), &request.texts[..]),
        (&OPEN, &["/data/x.npz".to_owned()][..])
    );
    assert_eq!(lab.opening(), Some("/data/x.npz"));
}
