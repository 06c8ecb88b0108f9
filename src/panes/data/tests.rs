//! Data sets as a person handles them: the browser, forms, jobs, names.

use std::path::PathBuf;

use crossterm::event::KeyCode;

use super::{
    Browser, DataPane, DoTask, ListFolder, RenameSet, Row, Shelf, TaskDraft, TaskEnd, TaskNews,
    UnloadSet,
};
use crate::data::DatasetSummary;
use crate::data::browse::{Entry, EntryKind, KnownPlace, Listing};
use crate::data::formats::{IMAGES, npz::NPZ};
use crate::data::tasks::{DIGITS, FETCH, OPEN, SHIFTED, TaskKind, TaskRequest, WARPED};
use crate::field::Value;
use crate::lab::{Lab, Notice, PaneId};
use crate::overlays::Form;
use crate::screen::Interface;
use crate::screen::testing::{act, answer, asked, enter, press};
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::Key;
use crate::worker::{Command, Event, Pending};

const LOADED: TaskEnd = TaskEnd::Done {
    message: String::new(),
    made: None,
};

fn start(data: Option<&str>) -> (Interface, Pending<DoTask>) {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (interface, commands) = Interface::new(data.map(str::to_owned), preset, None);
    (interface, begun(commands))
}

fn lab() -> Interface {
    let (mut interface, job) = start(None);
    loaded(&mut interface, "clothes", ["shirt", "bag"]);
    end(&mut interface, &job, LOADED);
    interface
}

fn loaded(interface: &mut Interface, name: &str, classes: [&str; 2]) {
    let summary = DatasetSummary {
        name: name.to_owned(),
        source: "memory".to_owned(),
        names: Vec::new(),
        shape: Shape::new(28, 28, 1),
        class_names: classes.map(str::to_owned).to_vec(),
        train_counts: vec![30, 30],
        test_counts: vec![5, 5],
        validation_counts: None,
        memory: 60_000,
        note: String::new(),
    };
    let seconds = 0.1;
    interface.hear(Event::DataLoaded { summary, seconds });
}

/// What was begun.
fn begun(commands: Vec<Command>) -> Pending<DoTask> {
    asked(commands).expect("something was begun")
}

fn end(interface: &mut Interface, job: &Pending<DoTask>, end: TaskEnd) {
    answer(interface, job, TaskNews::Ended(end));
}

fn data(interface: &mut Interface, id: &str) -> Vec<Command> {
    act(interface, PaneId::Data, id)
}

fn typed(interface: &mut Interface, text: &str) -> Vec<Command> {
    interface.paste(text.to_owned())
}

fn down(interface: &mut Interface, rows: usize) {
    for _ in 0..rows {
        press(interface, Key::code(KeyCode::Down));
    }
}

fn backspace(interface: &mut Interface) {
    press(interface, Key::code(KeyCode::Backspace));
}

/// Chooses what is to be made, by its place in the list.
fn make(interface: &mut Interface, place: usize) {
    data(interface, "data.make");
    down(interface, place);
    enter(interface);
}

fn said(interface: &Interface) -> (Notice, &str) {
    let status = interface.lab.status.as_ref().unwrap();
    (status.notice, &status.text)
}

fn form(lab: &Lab) -> &Form<TaskDraft> {
    lab.overlay_of().expect("the form is open")
}

fn kind(lab: &Lab) -> &TaskKind {
    form(lab).draft.request.task.kind()
}

fn folder(commands: Vec<Command>) -> Pending<ListFolder> {
    asked(commands).expect("a folder was asked for")
}

fn asks_nothing(commands: Vec<Command>) -> bool {
    asked::<ListFolder>(commands).is_none()
}

fn begins_nothing(commands: Vec<Command>) -> bool {
    asked::<DoTask>(commands).is_none()
}

fn entry(name: &str, kind: EntryKind) -> Entry {
    Entry {
        name: name.to_owned(),
        path: PathBuf::from("/home/me").join(name),
        is_folder: match &kind {
            EntryKind::Data(format, _) => format.is_folder,
            kind => *kind == EntryKind::Folder,
        },
        kind,
        bytes: Some(7),
    }
}

fn shelf() -> Shelf {
    Shelf {
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
fn browsing() -> Interface {
    let mut interface = lab();
    let asked = folder(data(&mut interface, "data.open"));
    let here = ListFolder {
        base: None,
        text: String::new(),
    };
    assert_eq!(asked.question, here);
    answer(&mut interface, &asked, shelf());
    interface
}

fn rows(interface: &Interface) -> Vec<String> {
    let browser: &Browser = interface.lab.overlay_of().expect("the browser is open");
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
fn a_loaded_set_is_chosen_and_the_cursors_follow() {
    let (mut interface, job) = start(None);
    loaded(&mut interface, "clothes", ["shirt", "bag"]);
    assert_eq!(interface.lab.chosen_set().unwrap().name, "clothes");
    assert_eq!(interface.lab.opening(), Some(""));
    end(&mut interface, &job, LOADED);
    assert_eq!(interface.lab.opening(), None);

    loaded(&mut interface, "digits", ["0", "1"]);
    let at = |interface: &Interface| {
        let pane: &DataPane = interface.pane();
        (interface.lab.sets.len(), interface.lab.chosen, pane.set)
    };
    assert_eq!(at(&interface), (2, Some(1), 1));
    // The same name again replaces the set.
    loaded(&mut interface, "clothes", ["shirt", "bag"]);
    assert_eq!(at(&interface), (2, Some(0), 0));
    down(&mut interface, 1);
    assert_eq!(at(&interface), (2, Some(0), 1));
    enter(&mut interface);
    assert_eq!(at(&interface), (2, Some(1), 1));
}

#[test]
fn a_loaded_set_is_recognized_as_all_of_a_known_one_when_its_pixels_are_hashed() {
    let mut interface = lab();
    assert!(!interface.lab.sets[0].is_all_of("fashion-mnist"));
    for (name, is_its_own) in [("another", false), ("clothes", true)] {
        let names = vec!["fashion-mnist".to_owned()];
        let name = name.to_owned();
        interface.hear(Event::Recognized { name, names });
        assert_eq!(interface.lab.sets[0].is_all_of("fashion-mnist"), is_its_own);
    }
}

#[test]
fn what_was_opened_lately_comes_first_then_names_then_the_folder() {
    let interface = browsing();
    let expected = [
        "recent old.npz",
        "known mnist",
        "..",
        "pets",
        "sets",
        "a.npz",
        "a.npz.bak",
    ];
    assert_eq!(rows(&interface), expected);
}

#[test]
fn typing_narrows_and_a_whole_name_is_the_one_that_is_meant() {
    let mut interface = browsing();
    assert!(asks_nothing(typed(&mut interface, "NPZ")));
    assert_eq!(rows(&interface), ["recent old.npz", "a.npz", "a.npz.bak"]);
    for _ in 0..3 {
        backspace(&mut interface);
    }
    typed(&mut interface, ".");
    assert!(rows(&interface).contains(&".cache".to_owned()));
    backspace(&mut interface);
    assert!(!rows(&interface).contains(&".cache".to_owned()));
    data(&mut interface, "browser.hidden");
    assert!(rows(&interface).contains(&".cache".to_owned()));
    // Both begin so, but one is named whole.
    typed(&mut interface, "a.npz");
    assert_eq!(rows(&interface), ["a.npz", "a.npz.bak"]);
    let job = begun(data(&mut interface, "browser.open"));
    assert_eq!(job.question.0.texts(), ["/home/me/a.npz"]);
    assert!(interface.lab.overlay.is_none());
    assert_eq!(interface.lab.opening(), Some("/home/me/a.npz"));
}

#[test]
fn a_slash_goes_to_another_folder_and_late_answers_are_ignored() {
    let mut interface = browsing();
    let first = folder(typed(&mut interface, "~/se"));
    assert_eq!(first.question.text, "~/");
    assert!(rows(&interface).is_empty(), "the old folder is not shown");
    assert!(
        asks_nothing(typed(&mut interface, "t")),
        "the same folder is not asked for again"
    );
    let second = folder(typed(&mut interface, "s/"));
    assert_eq!(second.question.text, "~/sets/");
    assert!(first.is_given_up());
    answer(&mut interface, &first, shelf());
    assert!(rows(&interface).is_empty());
    answer(&mut interface, &second, shelf());
    // A path was typed: what has a name is of no interest.
    assert_eq!(rows(&interface)[0], "..");
}

#[test]
fn folders_are_gone_into_and_out_of() {
    let base = |asked: &Pending<ListFolder>| asked.question.base.clone().unwrap();
    let mut interface = browsing();
    down(&mut interface, 4);
    let asked = folder(enter(&mut interface));
    assert_eq!(base(&asked), PathBuf::from("/home/me/sets"));
    assert_eq!(asked.question.text, "");
    answer(&mut interface, &asked, shelf());
    assert_eq!(
        rows(&interface)[..2],
        ["..", "pets"],
        "only the folder is left"
    );
    let asked = folder(data(&mut interface, "browser.go_up"));
    assert_eq!(base(&asked), PathBuf::from("/home"));

    // A folder of images can be opened, with its own form, or gone into.
    let mut interface = browsing();
    down(&mut interface, 3);
    let asked = folder(data(&mut interface, "browser.go_in"));
    assert_eq!(base(&asked), PathBuf::from("/home/me/pets"));
    let mut interface = browsing();
    down(&mut interface, 3);
    enter(&mut interface);
    assert_eq!(kind(&interface.lab), &OPEN);
    // The folder is named already, so the keys go to the first field.
    for size in ["28", "28"] {
        typed(&mut interface, size);
        down(&mut interface, 1);
    }
    let job = begun(enter(&mut interface));
    let request = &job.question.0;
    assert_eq!(request.texts(), ["/home/me/pets"]);
    assert_eq!(request.task.value("height"), &Value::Whole(28));
    assert_eq!(request.task.value("width"), &Value::Whole(28));
}

#[test]
fn what_is_no_data_is_refused_with_the_reason_and_the_browser_stays() {
    let mut interface = browsing();
    down(&mut interface, 6);
    assert!(begins_nothing(enter(&mut interface)));
    let (notice, text) = said(&interface);
    assert_eq!(notice, Notice::Refusal);
    assert!(text.starts_with("a.npz.bak is not a data set"), "{text}");
    assert!(interface.lab.overlay_of::<Browser>().is_some());
}

#[test]
fn one_opening_and_one_making_at_a_time() {
    let mut interface = lab();
    let open = |interface: &mut Interface| {
        data(interface, "data.open");
        typed(interface, "mnist");
        enter(interface)
    };
    let job = begun(open(&mut interface));
    assert_eq!(job.question.0.texts(), ["mnist"]);
    assert!(begins_nothing(open(&mut interface)));
    assert!(
        said(&interface).1.contains("still loading mnist"),
        "{:?}",
        said(&interface)
    );
    // Making runs beside it.
    make(&mut interface, 0);
    assert_eq!(kind(&interface.lab), &SHIFTED);
    let job = begun(enter(&mut interface));
    let request = &job.question.0;
    assert_eq!(request.dataset.as_deref(), Some("clothes"));
    assert_eq!(request.texts(), ["clothes-augmented.npz"]);
    assert_eq!(interface.pane::<DataPane>().jobs.len(), 2);
    data(&mut interface, "data.fetch");
    assert_eq!(kind(&interface.lab), &FETCH);
    assert!(begins_nothing(enter(&mut interface)));
    // The form stays open.
    let problem = form(&interface.lab).problem.as_deref().unwrap();
    assert!(
        problem.contains("still augmenting to clothes-augmented.npz"),
        "{problem}"
    );
}

#[test]
fn progress_is_kept_and_the_latest_job_is_stopped() {
    let mut interface = lab();
    make(&mut interface, 0);
    let job = begun(enter(&mut interface));
    let progress = TaskNews::Progress {
        done: 30,
        all: 120,
        seconds: 2.0,
    };
    answer(&mut interface, &job, progress);
    let jobs = &interface.pane::<DataPane>().jobs;
    assert_eq!(jobs[0].share(), Some(0.25));
    assert_eq!(jobs[0].seconds_left(), Some(6.0));
    assert!(!job.is_given_up());
    data(&mut interface, "data.stop");
    assert!(job.is_given_up());
    assert!(
        said(&interface).1.starts_with("Stopping: augmenting to"),
        "{:?}",
        said(&interface)
    );
    data(&mut interface, "data.stop");
    assert_eq!(
        said(&interface).1,
        "nothing is being loaded, fetched or made",
        "once is enough"
    );
    end(&mut interface, &job, TaskEnd::Cancelled);
    assert!(interface.pane::<DataPane>().jobs.is_empty());
    assert!(
        said(&interface).1.ends_with("Nothing was kept."),
        "{:?}",
        said(&interface)
    );
}

#[test]
fn nothing_goes_on_without_a_worker() {
    let (mut interface, _) = start(None);
    assert_eq!(interface.lab.opening(), Some(""));
    interface.lose_worker();
    assert_eq!(interface.lab.opening(), None);
    assert_eq!(said(&interface).0, Notice::Error);
}

#[test]
fn a_job_that_breaks_down_ends_too() {
    let mut interface = lab();
    make(&mut interface, 0);
    let job = begun(enter(&mut interface));
    job.fail("a mistake in the program: why");
    interface.hear(Event::Answered);
    assert!(interface.pane::<DataPane>().jobs.is_empty());
    let (notice, text) = said(&interface);
    assert_eq!(notice, Notice::Error);
    assert_eq!(
        text,
        "Could not load or make the set: a mistake in the program: why"
    );
}

#[test]
fn a_file_in_the_way_is_asked_about_and_replaced_only_on_yes() {
    let mut interface = lab();
    make(&mut interface, 1);
    assert_eq!(kind(&interface.lab), &WARPED);
    let first = begun(enter(&mut interface));
    assert!(!first.question.0.replace);
    let path = "~/clothes-augmented.npz".to_owned();
    end(&mut interface, &first, TaskEnd::InTheWay { path });
    let second = begun(data(&mut interface, "replace.take"));
    let expected = TaskRequest {
        replace: true,
        ..first.question.0.clone()
    };
    assert_eq!(second.question.0, expected);
    let path = "~/clothes-augmented.npz".to_owned();
    end(&mut interface, &second, TaskEnd::InTheWay { path });
    assert!(begins_nothing(data(&mut interface, "replace.leave")));
    assert!(interface.lab.overlay.is_none());
}

#[test]
fn a_form_that_was_refused_comes_back_as_it_was_with_the_reason() {
    let mut interface = lab();
    make(&mut interface, 2);
    assert_eq!(kind(&interface.lab), &DIGITS);
    assert!(begins_nothing(enter(&mut interface)), "a path is missing");
    let problem = form(&interface.lab).problem.as_deref().unwrap();
    assert!(problem.starts_with("write_to: expected"), "{problem}");
    typed(&mut interface, "/nowhere/digits");
    down(&mut interface, 2);
    typed(&mut interface, "0");
    assert!(
        begins_nothing(enter(&mut interface)),
        "a field is not legal"
    );
    press(&mut interface, Key::code(KeyCode::Right));
    let job = begun(enter(&mut interface));
    let message = "/nowhere/digits.npz: could not be written".to_owned();
    end(&mut interface, &job, TaskEnd::Failed { message });
    let form = form(&interface.lab);
    assert_eq!(form.draft.request, job.question.0);
    assert!(form.problem.is_some());
}

#[test]
fn a_horizontal_flip_of_digits_is_warned_of() {
    let mut interface = lab();
    loaded(&mut interface, "digits", ["0", "1"]);
    make(&mut interface, 1);
    let warning = |interface: &Interface| {
        let form = form(&interface.lab);
        let draft = &form.draft;
        draft.request.warning(draft.dataset.as_ref().unwrap())
    };
    assert_eq!(warning(&interface), None);
    while form(&interface.lab).current().unwrap().setting.field.name != "horizontal_flip" {
        down(&mut interface, 1);
    }
    press(&mut interface, Key::code(KeyCode::Right));
    assert!(warning(&interface).unwrap().contains("mirrors digits"));
}

#[test]
fn sets_are_renamed_and_unloaded_and_the_program_follows() {
    let mut interface = lab();
    loaded(&mut interface, "digits", ["0", "1"]);
    assert_eq!(interface.lab.chosen, Some(1));
    data(&mut interface, "data.rename");
    press(&mut interface, Key::ctrl('u'));
    typed(&mut interface, "clothes");
    let renaming = asked::<RenameSet>(enter(&mut interface));
    assert!(renaming.is_none(), "that name is taken");
    typed(&mut interface, " 2");
    let renaming = asked::<RenameSet>(enter(&mut interface)).unwrap();
    let RenameSet { from, to } = renaming.question.clone();
    assert_eq!((from.as_str(), to.as_str()), ("digits", "clothes 2"));
    assert!(interface.lab.overlay.is_none());
    interface.hear(Event::Renamed { from, to });
    assert_eq!(interface.lab.chosen_set().unwrap().name, "clothes 2");
    renaming.fail("why");
    interface.hear(Event::Answered);
    assert_eq!(said(&interface).1, "Could not rename the set: why");

    // The chosen one goes: the other takes its place.
    let unloading = asked::<UnloadSet>(data(&mut interface, "data.unload")).unwrap();
    let name = unloading.question.0;
    assert_eq!(name, "clothes 2");
    interface.hear(Event::Unloaded { name });
    assert_eq!(interface.lab.chosen_set().unwrap().name, "clothes");
    let name = "clothes".to_owned();
    interface.hear(Event::Unloaded { name });
    assert!(interface.lab.chosen_set().is_none());
    let unloading = asked::<UnloadSet>(data(&mut interface, "data.unload"));
    assert!(unloading.is_none());
    assert_eq!(said(&interface).1, "d (unload): no set is loaded");
}

#[test]
fn the_first_set_is_opened_by_a_job() {
    let (interface, job) = start(Some("/data/x.npz"));
    let request = &job.question.0;
    assert_eq!(
        (request.task.kind(), &request.texts()[..]),
        (&OPEN, &["/data/x.npz"][..])
    );
    assert_eq!(interface.lab.opening(), Some("/data/x.npz"));
}

#[test]
fn a_known_name_is_taken_wherever_one_is_and_after_a_miss() {
    let mut interface = browsing();
    // What is not there is asked for from the folder that is shown, which the next browser begins in.
    typed(&mut interface, "nothing-there");
    begun(enter(&mut interface));
    interface
        .lab
        .then(|pane: &mut DataPane, _| pane.jobs.clear());
    for name in ["mnist-starter", "synthetic-digits", "mnist"] {
        let asked = folder(data(&mut interface, "data.open"));
        answer(&mut interface, &asked, shelf());
        typed(&mut interface, name);
        let job = begun(enter(&mut interface));
        assert_eq!(job.question.0.texts(), [name]);
        interface
            .lab
            .then(|pane: &mut DataPane, _| pane.jobs.clear());
    }
    // Inside of another folder too.
    let mut interface = browsing();
    down(&mut interface, 4);
    let asked = folder(enter(&mut interface));
    answer(&mut interface, &asked, shelf());
    typed(&mut interface, "mnist");
    assert_eq!(rows(&interface)[0], "known mnist");
    let job = begun(enter(&mut interface));
    assert_eq!(job.question.0.texts(), ["mnist"]);
}

#[test]
fn a_pasted_path_is_plain_at_once_so_that_the_list_shows_its_match() {
    for pasted in [
        r"/home/me/my\ sets/a.n",
        "'/home/me/my sets/a.n'",
        "file:///home/me/my%20sets/a.n",
    ] {
        let mut interface = lab();
        data(&mut interface, "data.open");
        interface.paste(pasted.to_owned());
        let browser = interface.lab.overlay_of::<Browser>().unwrap();
        assert_eq!(browser.halves(), ("/home/me/my sets/", "a.n"), "{pasted}");
    }
}

#[test]
fn a_recent_set_is_opened_again_with_its_choices() {
    let mut interface = lab();
    let asked = folder(data(&mut interface, "data.open"));
    let mut shelf = shelf();
    shelf.recent = vec![Entry {
        path: "/home/me/pets?height=28&width=20&colors=grey".into(),
        ..entry(
            "pets?height=28",
            EntryKind::Data(&IMAGES, "images".to_owned()),
        )
    }];
    answer(&mut interface, &asked, shelf);
    enter(&mut interface);
    assert_eq!(kind(&interface.lab), &OPEN);
    let job = begun(enter(&mut interface));
    let request = &job.question.0;
    assert_eq!(request.texts(), ["/home/me/pets"]);
    assert_eq!(request.task.value("height"), &Value::Whole(28));
    assert_eq!(request.task.value("width"), &Value::Whole(20));
    assert_eq!(request.task.value("colors"), &Value::Choice("grey"));
}

/// Without the form, which could not help.
#[test]
fn another_thing_under_the_name_of_a_set_is_refused_as_what_it_is() {
    let mut interface = lab();
    let asked = folder(data(&mut interface, "data.open"));
    let mut shelf = shelf();
    shelf.recent = vec![entry("photos.zip", EntryKind::Instead("a web page"))];
    answer(&mut interface, &asked, shelf);
    assert!(begins_nothing(enter(&mut interface)));
    let (notice, text) = said(&interface);
    assert_eq!(notice, Notice::Refusal);
    assert_eq!(
        text,
        "photos.zip is a web page, whatever its name says; get the file again from its source"
    );
    assert!(interface.lab.overlay_of::<Browser>().is_some());
}

#[test]
fn what_is_pasted_by_mistake_is_cut_to_the_length_of_a_path() {
    let mut interface = browsing();
    interface.paste("y".repeat(1_000_000));
    let browser: &Browser = interface.lab.overlay_of().unwrap();
    assert_eq!(browser.input.text().len(), 4096);
}

#[test]
fn fetching_proposes_the_set_whose_starter_set_is_under_the_cursor() {
    let mut interface = lab();
    interface.lab.sets[0].names = vec!["mnist-starter".to_owned()];
    data(&mut interface, "data.fetch");
    let form = interface.lab.overlay_of::<Form<TaskDraft>>().unwrap();
    let set = form.rows.iter().find(|row| row.setting.path == "set");
    assert_eq!(set.unwrap().input.text(), "mnist");
}
