//! The Data pane: several sets, jobs, the browser, the forms.

use std::fs;
use std::path::Path;

use convscope::data::browse::{self, Entry, EntryKind, KnownPlace, Listing};
use convscope::data::formats::{IMAGES, idx::IDX, npz::NPZ};
use convscope::data::{DatasetSummary, Places, UNREAD};
use convscope::panes::{ListFolder, Shelf, TaskEnd, TaskNews, UnloadSet};
use convscope::shape::Shape;
use convscope::worker::Event;
use crossterm::event::KeyCode;

use super::scene::{Scene, summary};
use super::snapshot;

/// Three sets, one of them with digits and one from images of which some were skipped.
fn several(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    let digits = DatasetSummary {
        name: "digits of my own".to_owned(),
        source: "/home/me/sets/digits.npz".to_owned(),
        names: vec!["/home/me/sets/digits.npz".to_owned()],
        class_names: (0..10).map(|digit| digit.to_string()).collect(),
        train_counts: vec![30_000; 10],
        memory: 972_160_000,
        note: String::new(),
        ..summary()
    };
    let pets = DatasetSummary {
        name: "pets".to_owned(),
        source: "/home/me/pictures/pets (images)".to_owned(),
        names: vec!["/home/me/pictures/pets".to_owned()],
        shape: Shape::new(64, 96, 3),
        class_names: ["cat", "dog"].map(str::to_owned).to_vec(),
        train_counts: vec![80, 75],
        test_counts: vec![20, 19],
        validation_counts: None,
        memory: 3_575_808,
        note: "skipped 2 files that cannot be read as images: cat/notes.txt, dog/Thumbs.db"
            .to_owned(),
    };
    for summary in [digits, pets] {
        let seconds = 0.5;
        scene.tell(Event::DataLoaded { summary, seconds });
    }
    scene.answer();
    scene.keys("1");
    scene
}

/// As `several`, while one set is made.
fn making(columns: u16, rows: u16) -> Scene {
    let mut scene = several(columns, rows);
    scene.keys("kk");
    scene.key(KeyCode::Enter);
    scene.keys("m");
    scene.key(KeyCode::Enter);
    scene.key(KeyCode::Enter);
    scene.answer();
    scene.jobs[0].answer(TaskNews::Progress {
        done: 21_000,
        all: 50_000,
        seconds: 4.2,
    });
    scene.tell(Event::Answered);
    scene
}

fn entry(name: &str, kind: EntryKind, bytes: Option<u64>) -> Entry {
    Entry {
        name: name.to_owned(),
        path: format!("/home/me/{name}").into(),
        is_folder: match &kind {
            EntryKind::Folder | EntryKind::Closed | EntryKind::Sets(_) => true,
            EntryKind::Data(format, _) => format.is_folder,
            EntryKind::Part(..)
            | EntryKind::Unread(_)
            | EntryKind::Instead(_)
            | EntryKind::File => false,
        },
        kind,
        bytes,
    }
}

/// What a worker would answer to the latest question for a folder.
fn shelf(scene: &mut Scene) {
    shelf_with(scene, Vec::new());
}

/// The same with further known sets.
fn shelf_with(scene: &mut Scene, elsewhere: Vec<KnownPlace>) {
    shelf_of(scene, home(), elsewhere);
}

/// A folder with a bit of everything.
fn home() -> Listing {
    let entries = vec![
        entry(".cache", EntryKind::Folder, None),
        entry(
            "clothes",
            EntryKind::Data(&IDX, "IDX files".to_owned()),
            Some(30_878_645),
        ),
        entry(
            "pets",
            EntryKind::Data(&IMAGES, "images in 2 classes".to_owned()),
            None,
        ),
        entry("private", EntryKind::Closed, None),
        entry("sets", EntryKind::Folder, None),
        entry(
            "digits.npz",
            EntryKind::Data(&NPZ, "npz".to_owned()),
            Some(972_160_000),
        ),
        entry("notes.txt", EntryKind::File, Some(120)),
    ];
    Listing {
        folder: "/home/me".into(),
        title: "~".to_owned(),
        kind: EntryKind::Folder,
        entries,
        left_out: 0,
    }
}

/// The same with this folder.
fn shelf_of(scene: &mut Scene, listing: Listing, elsewhere: Vec<KnownPlace>) {
    let known = |name: &str, place: &str| KnownPlace {
        name: name.to_owned(),
        place: place.to_owned(),
        is_whole: false,
    };
    let mut shelf = Shelf {
        listing: Ok(listing),
        recent: vec![entry(
            "~/sets/old.npz",
            EntryKind::Data(&NPZ, "npz".to_owned()),
            Some(5_500),
        )],
        known: vec![
            known("fashion-mnist", "/usr/share/datasets/fashion-mnist"),
            known("mnist", "only its starter set is here"),
            known("mnist-starter", "built in: 10,000 + 2,000 images"),
            known("synthetic-digits", "drawn when opened; tested on MNIST"),
        ],
    };
    shelf.known.extend(elsewhere);
    scene.take_asked::<ListFolder>().answer(shelf);
    scene.tell(Event::Answered);
}

#[test]
fn a_known_set_that_is_elsewhere_is_last_and_leads_to_the_form_that_fetches_it() {
    let mut scene = several(80, 24);
    scene.keys("o");
    let cifar = KnownPlace {
        name: "cifar10".to_owned(),
        place: "not here; 170.1 MB to fetch".to_owned(),
        is_whole: false,
    };
    shelf_with(&mut scene, vec![cifar]);
    let text = scene.text();
    let at = |name: &str| text.find(name).unwrap_or_else(|| panic!("{name}: {text}"));
    assert!(
        at("synthetic-digits") < at("notes.txt") && at("notes.txt") < at("cifar10"),
        "{text}"
    );
    scene.keys("cifar");
    assert!(scene.text().contains("Enter fetch"), "{}", scene.text());
    scene.key(KeyCode::Enter);
    let text = scene.text();
    assert!(text.contains("Fetch a known set"), "{text}");
    assert!(
        text.contains("CIFAR-10: 170.1 MB to fetch; licence: none stated."),
        "{text}"
    );
}

fn browsing(columns: u16, rows: u16) -> Scene {
    let mut scene = several(columns, rows);
    scene.keys("o");
    shelf(&mut scene);
    scene
}

#[test]
fn the_pane_looks_as_before() {
    snapshot("data_several", several);
    snapshot("data_making", making);
    snapshot("browser", browsing);
    snapshot("make", |columns, rows| {
        let mut scene = several(columns, rows);
        scene.keys("m");
        scene
    });
    snapshot("make_digits", |columns, rows| {
        let mut scene = several(columns, rows);
        scene.keys("m");
        scene.key(KeyCode::Down);
        scene.key(KeyCode::Down);
        scene.key(KeyCode::Enter);
        scene
    });
    // The digits, warped, and flipped: that is warned of.
    snapshot("make_warped", |columns, rows| {
        let mut scene = several(columns, rows);
        scene.keys("k");
        scene.key(KeyCode::Enter);
        scene.keys("m");
        scene.key(KeyCode::Down);
        scene.key(KeyCode::Enter);
        while !at(&scene, "horizontal_flip") {
            scene.key(KeyCode::Down);
        }
        scene.key(KeyCode::Right);
        assert!(
            scene.text().contains("Warning: a horizontal flip"),
            "{}",
            scene.text()
        );
        scene
    });
}

fn at(scene: &Scene, field: &str) -> bool {
    scene.text().contains(&format!("▸ {field} "))
}

#[test]
fn a_file_in_the_way_is_asked_about() {
    let asked = |columns, rows| {
        let mut scene = making(columns, rows);
        scene.end_job(TaskEnd::InTheWay {
            path: "~/digits-augmented.npz".to_owned(),
        });
        scene
    };
    snapshot("replace", asked);
    let mut scene = asked(80, 24);
    scene.keys("q");
    assert!(scene.said().starts_with("y replaces"), "{}", scene.said());
    scene.keys("y");
    assert!(scene.jobs[0].question.0.replace);
}

#[test]
fn the_browser_is_driven_by_keys_alone() {
    let mut scene = browsing(80, 24);
    scene.commands.clear();
    assert!(!scene.text().contains(".cache"));
    scene.control('t');
    assert!(scene.text().contains(".cache/"));
    scene.control('t');
    scene.keys("clo");
    assert!(scene.text().contains("clothes/") && !scene.text().contains("pets/"));
    // Tab goes in where Enter would open.
    scene.key(KeyCode::Tab);
    let base = |scene: &Scene| match scene.asked::<ListFolder>()[..] {
        [ListFolder { base, text }] if text.is_empty() => base.clone(),
        _ => panic!("{:?}", scene.commands),
    };
    assert_eq!(base(&scene), Some("/home/me/clothes".into()));
    shelf(&mut scene);
    scene.commands.clear();
    scene.key(KeyCode::Backspace);
    assert_eq!(base(&scene), Some("/home".into()));
    shelf(&mut scene);
    scene.commands.clear();
    scene.keys("notes");
    scene.key(KeyCode::Enter);
    assert!(
        scene.said().contains("notes.txt is not a data set"),
        "{}",
        scene.said()
    );
    scene.control('u');
    scene.keys("digits");
    scene.control('o');
    assert!(scene.text().contains("Open a set"), "{}", scene.text());
    scene.key(KeyCode::Enter);
    assert_eq!(scene.jobs[0].question.0.texts(), ["/home/me/digits.npz"]);
}

#[test]
fn a_path_pasted_on_the_pane_opens_the_browser_there() {
    let mut scene = several(80, 24);
    scene.paste_text("/srv/sets/x.npz\n");
    let asked = scene.asked::<ListFolder>();
    assert!(
        asked.iter().any(|folder| folder.text == "/srv/sets/"),
        "{asked:?}"
    );
}

#[test]
fn a_set_that_is_trained_on_is_not_unloaded() {
    let mut scene = Scene::training(80, 24);
    scene.keys("1d");
    assert!(
        scene
            .said()
            .contains("is training on Fashion-MNIST starter"),
        "{}",
        scene.said()
    );
    let mut scene = several(80, 24);
    scene.keys("d");
    let name = "pets".to_owned();
    assert_eq!(scene.asked::<UnloadSet>(), [&UnloadSet(name)]);
}

#[test]
fn stopping_is_the_first_key_while_something_is_made() {
    let mut scene = making(80, 24);
    assert!(scene.text().lines().last().unwrap().starts_with(" x stop"));
    scene.keys("x");
    assert!(scene.jobs[0].is_given_up());
    assert!(scene.text().contains("stopping:"));
}

/// What a worker would answer for this folder.
fn list(scene: &mut Scene, folder: &Path) {
    let listing = browse::list(&Places::default(), Some(folder), "").unwrap();
    shelf_of(scene, listing, Vec::new());
}

/// The rows of the browser's folder, from the parent on.
fn rows(scene: &Scene) -> Vec<String> {
    let text = scene.text();
    let rows = text.lines().skip_while(|line| !line.contains(" .. "));
    let rows = rows.map(|line| line.replace('│', " ").replace("folder  ..", ".."));
    let name = |row: String| row.split_whitespace().next().map(str::to_owned);
    rows.map_while(name)
        .take_while(|name| !name.contains('╰'))
        .collect()
}

#[test]
fn of_two_sets_in_a_folder_one_is_chosen_there() {
    let places = tempfile::tempdir().unwrap();
    let both = places.path().join("both");
    fs::create_dir(&both).unwrap();
    for set in ["emnist-digits", "emnist-letters"] {
        for file in [
            "train-images-idx3",
            "train-labels-idx1",
            "test-images-idx3",
            "test-labels-idx1",
        ] {
            fs::write(both.join(format!("{set}-{file}-ubyte.gz")), "").unwrap();
        }
    }
    // The same of arrays, of which any file opens its set.
    let arrays = places.path().join("arrays");
    fs::create_dir(&arrays).unwrap();
    for file in ["a_x_train", "a_y_train", "b_x_train", "b_y_train"] {
        fs::write(arrays.join(format!("{file}.npy")), "").unwrap();
    }
    for (folder, text, first) in [
        (
            &both,
            "IDX files of 2 sets",
            "emnist-digits-train-images-idx3-ubyte.gz",
        ),
        (&arrays, "npy files", "a_x_train.npy"),
    ] {
        let mut scene = several(80, 24);
        scene.keys("o");
        list(&mut scene, places.path());
        let name = folder.file_name().unwrap().to_str().unwrap();
        scene.keys(name);
        assert!(scene.text().contains(text), "{}", scene.text());
        assert!(scene.text().contains("Enter go in"), "{}", scene.text());
        scene.key(KeyCode::Enter);
        let asked = scene.asked::<ListFolder>();
        assert_eq!(asked.last().unwrap().base.as_ref(), Some(folder));
        list(&mut scene, folder);
        assert!(scene.text().contains("opens its set"), "{}", scene.text());
        scene.key(KeyCode::Enter);
        let opened = folder.join(first).display().to_string();
        assert_eq!(scene.jobs[0].question.0.texts(), [opened]);
    }
    // A file that does not open its set says which one does.
    let mut scene = several(80, 24);
    scene.keys("o");
    list(&mut scene, &both);
    scene.keys("digits-test-l");
    scene.key(KeyCode::Enter);
    let said = scene.said();
    assert!(
        said.ends_with("open the training images of its set instead"),
        "{said}"
    );
}

#[test]
fn folders_come_first_and_end_in_a_slash_whatever_is_in_them() {
    let home = tempfile::tempdir().unwrap();
    for (folder, file) in [
        ("cifar", "data_batch_1.bin"),
        ("digits", "mnist_train.csv"),
        ("digits", "mnist_test.csv"),
        ("idx", "train-images-idx3-ubyte"),
        ("notes", "readme.txt"),
    ] {
        fs::create_dir_all(home.path().join(folder)).unwrap();
        fs::write(home.path().join(folder).join(file), "").unwrap();
    }
    fs::write(home.path().join("a.txt"), "").unwrap();
    // The end of a zip file, which is all of an empty one.
    fs::write(home.path().join("z.npz"), b"PK\x05\x06\0\0\0\0").unwrap();
    let mut scene = several(80, 24);
    scene.keys("o");
    list(&mut scene, home.path());
    let expected = [
        "..", "cifar/", "digits/", "idx/", "notes/", "z.npz", "a.txt",
    ];
    assert_eq!(rows(&scene), expected, "{}", scene.text());
}

/// The text on the screen, without spaces, frames and the mark before a message.
fn squeezed(text: &str) -> String {
    let is_frame = |letter: char| "│╭╮╰╯─▲✗".contains(letter);
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !is_frame(*letter))
        .collect()
}

#[test]
fn the_way_out_of_what_is_not_read_is_whole_on_the_smallest_screen() {
    let name = "train-00000-of-00001-a09b74b3ef9c3b56";
    for kind in UNREAD {
        let mut scene = several(80, 24);
        scene.keys("o");
        let file = entry(name, EntryKind::Unread(kind), Some(1));
        let way = squeezed(&kind.way(&file.path));
        let listing = Listing {
            entries: vec![file],
            ..home()
        };
        shelf_of(&mut scene, listing, Vec::new());
        scene.keys(name);
        scene.key(KeyCode::Enter);
        let text = scene.text();
        assert!(squeezed(&text).contains(&way), "{}: {text}", kind.name);
        // The same in a form.
        scene.control('u');
        scene.keys(name);
        scene.keys("?height=28&width=28");
        scene.control('o');
        scene.key(KeyCode::Enter);
        let message = format!("{name}: {}, which is not read; {way}", kind.one);
        scene.end_job(TaskEnd::Failed { message });
        let text = scene.text();
        assert!(squeezed(&text).contains(&way), "{}: {text}", kind.name);
        assert!(text.contains("▸ height"), "{}: {text}", kind.name);
    }
}

#[test]
fn a_form_that_was_refused_stands_with_what_was_typed() {
    let mut scene = browsing(80, 24);
    scene.keys("pets");
    scene.key(KeyCode::Enter);
    assert!(scene.text().lines().last().unwrap().contains("Enter open"));
    assert!(at(&scene, "height"), "{}", scene.text());
    scene.keys("28");
    scene.key(KeyCode::Enter);
    assert!(!scene.text().contains("▸"), "{}", scene.text());
    let problem = "height and width: expected both or neither, got 28×0";
    scene.end_job(TaskEnd::Failed {
        message: problem.to_owned(),
    });
    assert!(scene.text().contains(problem), "{}", scene.text());
    assert!(scene.text().contains("/home/me/pets"), "{}", scene.text());
    assert!(at(&scene, "height"), "{}", scene.text());
    let typed = |scene: &Scene, name: &str| {
        let text = scene.text();
        let line = text
            .lines()
            .find(|line| line.contains(&format!(" {name} ")));
        let mut words = line.unwrap().split_whitespace();
        words.find(|word| *word == name);
        words.next().map(str::to_owned)
    };
    assert_eq!(typed(&scene, "height").as_deref(), Some("28"));
    scene.key(KeyCode::Down);
    scene.keys("32");
    scene.key(KeyCode::Enter);
    let request = &scene.jobs[0].question.0;
    assert_eq!(request.texts(), ["/home/me/pets"]);
    assert_eq!(request.task.value("height").to_string(), "28");
    assert_eq!(request.task.value("width").to_string(), "32");
    scene.end_job(TaskEnd::Done {
        message: String::new(),
        made: None,
    });
    assert!(!scene.text().contains("Open a set"), "{}", scene.text());
}
