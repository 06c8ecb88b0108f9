//! The worker's jobs on data sets: opening, making, fetching, with progress, and given up without a trace; folders and names.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use crate::support::{answer, ask, event, finish, next, next_answer, send};
use convscope::data::browse::{EntryKind, KnownPlace};
use convscope::data::npz::NPZ;
use convscope::data::tasks::{DIGITS, FETCH, OPEN, SHIFTED, TaskKind, TaskRequest};
use convscope::data::{CorrectionsFolder, DatasetSummary, Drafts, KNOWN_SETS, Places, Recent};
use convscope::field::Value;
use convscope::panes::{DoTask, ListFolder, RenameSet, Shelf, TaskEnd, TaskNews, UnloadSet};
use convscope::picture::{Cell, Screen};
use convscope::screen::SavePicture;
use convscope::training::PresetFolder;
use convscope::worker::{Asked, Event, Outbox, Question, Surroundings, Worker};
use tempfile::TempDir;

/// A worker whose user has everything in one folder.
struct Place {
    folder: TempDir,
    worker: Worker,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let worker = start(folder.path());
        Self { folder, worker }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Asks for something that an event tells of.
    fn told(&self, question: impl Question) -> Event {
        ask(&self.worker, &mut Asked::default(), question);
        next(&self.worker)
    }

    /// Does a job to its end: the sets that it opened, and how it ended.
    fn job(&self, request: TaskRequest) -> (Vec<DatasetSummary>, TaskEnd) {
        let mut asked = Asked::default();
        ask(&self.worker, &mut asked, DoTask(request));
        let mut opened = Vec::new();
        loop {
            match event(&self.worker) {
                Event::DataLoaded { summary, .. } => opened.push(summary),
                // Worked out beside the jobs, so it may come at any time after a set was opened.
                Event::Recognized { .. } => {}
                Event::Answered => match asked.next(&mut Outbox::default()) {
                    Some(Ok(TaskNews::Progress { done, all, .. })) => {
                        assert!(done <= all, "{done} of {all}");
                    }
                    Some(Ok(TaskNews::Ended(end))) => return (opened, end.clone()),
                    Some(Err(why)) => panic!("{why}"),
                    // Of an earlier question.
                    None => {}
                },
                other => panic!("{other:?}"),
            }
        }
    }

    /// Begins a job and gives it up as soon as it tells how far it is; `meanwhile` is done before that.
    fn give_up(&self, request: TaskRequest, mut meanwhile: impl FnMut()) -> TaskEnd {
        let mut asked = Asked::default();
        ask(&self.worker, &mut asked, DoTask(request));
        loop {
            match next_answer(&self.worker, &mut asked).unwrap() {
                TaskNews::Progress { .. } => {
                    meanwhile();
                    asked.cancel();
                }
                TaskNews::Ended(end) => return end,
            }
        }
    }

    fn open(&self, choice: &str) -> (Vec<DatasetSummary>, TaskEnd) {
        self.job(TaskRequest::new(&OPEN, [choice.to_owned()]))
    }

    fn list(&self, text: &str) -> Shelf {
        let folder = ListFolder {
            base: None,
            text: text.to_owned(),
        };
        answer(&self.worker, folder).unwrap()
    }

    /// What is in the folder, hidden files too.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn start(folder: &Path) -> Worker {
    Worker::start_in(Surroundings {
        threads: Some(2),
        places: Places {
            user: Some(folder.join("data")),
            home: Some(folder.to_owned()),
            ..Places::default()
        },
        recent: Recent::at(folder.join("state/recent")),
        presets: PresetFolder::at(folder.join("presets")),
        corrections: CorrectionsFolder::at(folder.join("corrections")),
        drafts: Drafts::default(),
    })
    .unwrap()
}

/// A request with some of the fields said.
fn request(kind: &'static TaskKind, texts: &[&str], fields: &[(&str, Value)]) -> TaskRequest {
    let texts = texts.iter().map(ToString::to_string);
    let mut request = TaskRequest::new(kind, texts);
    for (name, written) in fields {
        request.task.set(name, written).unwrap();
    }
    request
}

fn digits(target: &str) -> TaskRequest {
    let fields = [
        ("train_images", Value::Whole(40)),
        ("test_images", Value::Whole(20)),
    ];
    request(&DIGITS, &[target], &fields)
}

fn failed(end: &TaskEnd) -> &str {
    match end {
        TaskEnd::Failed { message } => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn made_digits_are_written_opened_augmented_and_found_again() {
    let place = Place::new();
    let (opened, end) = place.job(digits("~/digits"));
    assert!(
        matches!(&end, TaskEnd::Done { message, .. } if message.contains("~/digits.npz")),
        "{end:?}"
    );
    assert_eq!((opened[0].train_len(), opened[0].test_len()), (40, 20));
    assert_eq!(opened[0].name, "digits");

    let mut augment = request(
        &SHIFTED,
        &["~/more.npz"],
        &[
            ("train_factor", Value::Whole(3)),
            ("open", Value::Text("off".to_owned())),
        ],
    );
    let (opened, end) = place.job(augment.clone());
    assert!(opened.is_empty());
    assert!(failed(&end).contains("no set to augment"), "{end:?}");
    augment.dataset = Some("nobody's".to_owned());
    let (_, end) = place.job(augment.clone());
    assert!(
        failed(&end).contains("no data set called nobody's"),
        "{end:?}"
    );
    augment.dataset = Some("digits".to_owned());
    let (opened, end) = place.job(augment);
    assert!(matches!(&end, TaskEnd::Done { .. }), "{end:?}");
    assert!(opened.is_empty(), "it was not asked for");
    let (opened, _) = place.open(&place.path("more.npz"));
    assert_eq!((opened[0].train_len(), opened[0].test_len()), (120, 20));

    // Another start remembers what was made and opened, the latest first.
    finish(place.worker);
    let place = Place {
        worker: start(place.folder.path()),
        folder: place.folder,
    };
    let shelf = place.list("~");
    let recent: Vec<_> = shelf
        .recent
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    assert_eq!(recent, ["~/more.npz", "~/digits.npz"]);
    assert!(
        shelf
            .recent
            .iter()
            .all(|entry| matches!(entry.kind, EntryKind::Data(format, _) if format == &NPZ))
    );
    finish(place.worker);
}

#[test]
fn a_file_in_the_way_stays_until_replacing_is_asked_for() {
    let place = Place::new();
    fs::write(place.path("digits.npz"), "mine").unwrap();
    let mut request = digits("~/digits.npz");
    let (opened, end) = place.job(request.clone());
    let path = "~/digits.npz".to_owned();
    assert_eq!((opened.len(), end), (0, TaskEnd::InTheWay { path }));
    assert_eq!(fs::read(place.path("digits.npz")).unwrap(), b"mine");
    request.replace = true;
    let (opened, _) = place.job(request);
    assert_eq!(opened.len(), 1);
    finish(place.worker);
}

#[test]
fn what_is_given_up_leaves_nothing_behind() {
    let place = Place::new();
    let before = place.names();
    // Far more than is done before the wish to stop is read.
    let many = ("train_images", Value::Whole(1_000_000));
    let request = request(&DIGITS, &["~/digits.npz"], &[many]);
    let end = place.give_up(request.clone(), || {});
    assert_eq!(end, TaskEnd::Cancelled);
    assert_eq!(place.names(), before);
    // Its end is told also where it was given up before it began.
    let (mut asked, mut out) = (Asked::default(), Outbox::default());
    asked.ask(DoTask(request.clone()), &mut out);
    asked.cancel();
    for command in out.commands {
        send(&place.worker, command);
    }
    let end = next_answer(&place.worker, &mut asked).unwrap();
    assert_eq!(end, TaskNews::Ended(TaskEnd::Cancelled));
    assert_eq!(place.names(), before);
    // Leaving ends what goes on, too.
    ask(&place.worker, &mut asked, DoTask(request));
    finish(place.worker);
    let left = fs::read_dir(place.folder.path()).unwrap().count();
    assert_eq!(left, before.len());
}

#[test]
fn an_augmentation_that_is_given_up_takes_its_half_file_away() {
    let place = Place::new();
    place.open("fashion-mnist-starter");
    let mut augment = request(
        &SHIFTED,
        &["~/big.npz"],
        &[("train_factor", Value::Whole(20))],
    );
    augment.dataset = Some("Fashion-MNIST starter".to_owned());
    let mut was_there = false;
    let end = place.give_up(augment, || {
        was_there |= place.names().iter().any(|name| name.ends_with(".part"));
    });
    assert_eq!(end, TaskEnd::Cancelled);
    assert!(was_there, "it was under way");
    assert!(place.names().is_empty(), "{:?}", place.names());
    finish(place.worker);
}

#[test]
fn bad_input_is_a_sentence_and_leaves_the_loaded_sets_alone() {
    let place = Place::new();
    place.open("mnist-starter");
    fs::write(place.path("broken.npz"), "PK no zip").unwrap();
    for (choice, sentence) in [
        (
            "/nowhere/at/all",
            "`/nowhere/at/all` is not a file, folder or known data set",
        ),
        ("~/broken.npz", "broken.npz: expected an npz file"),
    ] {
        let (opened, end) = place.open(choice);
        assert!(opened.is_empty());
        assert!(failed(&end).contains(sentence), "{end:?}");
    }
    // Still there, and still found by its name.
    let rename = RenameSet {
        from: "MNIST starter".to_owned(),
        to: "digits".to_owned(),
    };
    assert!(matches!(place.told(rename), Event::Renamed { .. }));
    finish(place.worker);
}

#[test]
fn a_folder_of_images_is_resized_and_split_as_asked_and_tells_what_it_skipped() {
    let place = Place::new();
    for class in ["cat", "dog"] {
        let folder = place.folder.path().join("pets").join(class);
        fs::create_dir_all(&folder).unwrap();
        for number in 0..10 {
            let image = image::RgbImage::from_pixel(20 + number, 30, image::Rgb([9, 200, 30]));
            image.save(folder.join(format!("{number}.png"))).unwrap();
        }
    }
    fs::write(place.path("pets/cat/notes.txt"), "").unwrap();
    let pets = request(&OPEN, &["~/pets"], &[]);
    let (_, end) = place.job(pets);
    assert!(failed(&end).contains("images differ in size"), "{end:?}");
    let side = |name| (name, Value::Whole(28));
    let one_side = request(&OPEN, &["~/pets"], &[side("height")]);
    let (_, end) = place.job(one_side);
    assert!(failed(&end).contains("expected both or neither"), "{end:?}");
    let pets = request(
        &OPEN,
        &["~/pets"],
        &[
            side("height"),
            side("width"),
            ("colors", Value::Text("grey".to_owned())),
            ("test_share", Value::Number(0.4)),
        ],
    );
    let (opened, _) = place.job(pets);
    let set = &opened[0];
    assert_eq!(set.shape, convscope::shape::Shape::new(28, 28, 1));
    assert_eq!(
        (&set.train_counts[..], &set.test_counts[..]),
        (&[6, 6][..], &[4, 4][..])
    );
    assert_eq!(
        set.note,
        "8 of 20 images are test images: 40 % of each class, seed 1; skipped 1 file that cannot be read as an image: cat/notes.txt"
    );
    finish(place.worker);
}

#[test]
fn sets_of_one_name_are_told_apart_and_renamed_and_unloaded() {
    let place = Place::new();
    for folder in ["one", "two"] {
        let (opened, _) = place.job(digits(&format!("~/{folder}/digits.npz")));
        let expected = if folder == "one" {
            "digits"
        } else {
            "digits (2)"
        };
        assert_eq!(opened[0].name, expected);
    }
    // The same place again is the same set.
    let (opened, _) = place.open("~/two/digits.npz");
    assert_eq!(opened[0].name, "digits (2)");
    let rename = |to: &str| RenameSet {
        from: "digits (2)".to_owned(),
        to: to.to_owned(),
    };
    let failure = answer(&place.worker, rename("digits")).unwrap_err();
    assert_eq!(
        failure,
        "Could not rename the set: a set called digits already exists; choose another name"
    );
    let expected = Event::Renamed {
        from: "digits (2)".to_owned(),
        to: "hand".to_owned(),
    };
    assert_eq!(place.told(rename(" hand ")), expected);
    let (opened, _) = place.open("~/two/digits.npz");
    assert_eq!(
        opened[0].name, "hand",
        "a set that is read again keeps its name"
    );
    let name = "hand".to_owned();
    let unloaded = place.told(UnloadSet(name.clone()));
    assert_eq!(unloaded, Event::Unloaded { name });
    let (opened, _) = place.open("~/two/digits.npz");
    assert_eq!(opened[0].name, "digits (2)");
    finish(place.worker);
}

#[test]
fn folders_are_listed_and_closed_ones_told() {
    let place = Place::new();
    let shelf = place.list("~");
    let listing = shelf.listing.unwrap();
    assert_eq!((listing.title.as_str(), listing.entries.len()), ("~", 0));
    let known: Vec<_> = shelf
        .known
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    let expected = [
        "fashion-mnist",
        "fashion-mnist-starter",
        "mnist",
        "mnist-starter",
    ];
    assert_eq!(known[..4], expected);
    // Every other known set is offered, to be fetched.
    let others = KNOWN_SETS[2..].iter().map(|set| set.name);
    let others: Vec<&str> = others.chain(["synthetic-digits"]).collect();
    assert_eq!(known[4..], others);
    let is_here = |known: &KnownPlace| known.is_whole;
    assert!(!shelf.known[4..known.len() - 1].iter().any(is_here));
    assert!(!shelf.known[0].is_whole && shelf.known[1].place.contains("built in"));
    assert!(place.list("~/nowhere").listing.is_err());
    finish(place.worker);
}

/// Serves every request the same bytes until it is dropped with its thread at the program's end.
fn server(status: &'static str, body: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2048];
            let _ = stream.read(&mut request);
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(body);
        }
    });
    url
}

#[test]
fn a_fetch_that_gets_the_wrong_bytes_says_so_and_opens_nothing() {
    let place = Place::new();
    for (url, reason) in [
        (server("404 Not Found", b"none"), "the server returned 404"),
        (
            server("200 OK", b"something else"),
            "its content has SHA-256",
        ),
    ] {
        let fetch = request(&FETCH, &[&url], &[]);
        let (opened, end) = place.job(fetch);
        assert!(opened.is_empty());
        assert!(failed(&end).contains(reason), "{end:?}");
    }
    assert!(!place.folder.path().join("data/fashion-mnist").exists());
    finish(place.worker);
}

/// The whole set from where it is on this machine, through the same job as from a mirror.
#[test]
fn a_fetched_set_is_opened_and_found_by_its_name_from_then_on() {
    let from = Path::new("/usr/share/datasets/fashion-mnist");
    if !from.join("train-images-idx3-ubyte.gz").exists() {
        eprintln!(
            "skipped: this machine has no whole Fashion-MNIST in {}",
            from.display()
        );
        return;
    }
    let place = Place::new();
    let (opened, end) = place.job(request(&FETCH, &[&from.display().to_string()], &[]));
    assert!(
        matches!(&end, TaskEnd::Done { message, .. } if message.contains("~/data/fashion-mnist")),
        "{end:?}"
    );
    assert_eq!(
        (opened[0].train_len(), opened[0].test_len()),
        (60_000, 10_000)
    );
    assert!(place.list("").known[0].is_whole);
    let (opened, _) = place.open("fashion-mnist");
    assert_eq!(opened[0].train_len(), 60_000);
    finish(place.worker);
}

#[test]
fn a_picture_of_the_screen_is_written_once_by_the_ending_of_its_name() {
    let folder = TempDir::new().unwrap();
    let worker = start(folder.path());
    let cells = vec![Cell::new('a', [255; 3], [0; 3]); 6];
    let save = |name: &str| {
        let question = SavePicture {
            file: folder.path().join(name).display().to_string(),
            pane: "data".to_owned(),
            screen: Screen::new(3, cells.clone()),
        };
        answer(&worker, question)
    };
    let path = save("a.svg").unwrap();
    let svg = std::fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("aaa"), "{svg}");
    let image = image::open(save("a.png").unwrap()).unwrap();
    assert_eq!((image.width(), image.height()), (48, 64));
    for (name, said) in [
        ("a.svg", "already exists; choose another name"),
        ("a.gif", "ends in .svg or .png"),
        ("no/a.svg", "no such file or folder"),
    ] {
        let refused = save(name).unwrap_err();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), svg);
    finish(worker);
}
