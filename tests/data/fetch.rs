//! Fetching from servers on loopback that behave and misbehave.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use convscope::data::fetch::{FetchOptions, fetch};
use convscope::data::idx::IDX;
use convscope::data::{Archive, KNOWN_SETS, KnownFile, KnownSet, Limits, Located, Progress, Sum};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// How a server treats one request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Manner {
    Good,
    /// Promises the whole and closes after half of it.
    Truncates,
    /// As `Truncates`, and says that it knows no parts when asked for the rest.
    TruncatesWithoutParts,
    Corrupts,
    Missing,
    /// Sends on to the same path under `/moved`.
    Redirects,
    /// Sends on to itself, for ever.
    Circles,
    /// Sends a web page as if it were the file.
    Explains,
    /// Sends far more than was asked for.
    Floods,
    /// Sends half and then nothing.
    Stalls,
}

/// A request as the server saw it: the path, and the range where one was asked for.
type Seen = Arc<Mutex<Vec<(String, Option<String>)>>>;

struct Server {
    url: String,
    seen: Seen,
}

/// A server that treats the first requests as told, in their order, and all later ones well.
fn serve(files: &HashMap<String, Vec<u8>>, manners: &[Manner]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let (files, mut manners, log) = (files.clone(), manners.to_vec(), Arc::clone(&seen));
    manners.reverse();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let manner = manners.pop().unwrap_or(Manner::Good);
            let (files, log) = (files.clone(), Arc::clone(&log));
            thread::spawn(move || answer(stream.unwrap(), &files, manner, &log));
        }
    });
    Server { url, seen }
}

fn answer(mut stream: TcpStream, files: &HashMap<String, Vec<u8>>, manner: Manner, seen: &Seen) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let mut range = None;
    for line in lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
    {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
            range = Some(value.to_owned());
        }
    }
    seen.lock().unwrap().push((path.clone(), range.clone()));
    let name = path.rsplit('/').next().unwrap();
    let mut body = files[name].clone();
    let close = "Connection: close\r\nETag: \"one\"\r\n";
    let mut status = "200 OK".to_owned();
    if let (Some(range), false) = (&range, manner == Manner::TruncatesWithoutParts) {
        let from: usize = range.trim_end_matches('-').parse().unwrap();
        status = format!(
            "206 Partial Content\r\nContent-Range: bytes {from}-{}/{}",
            body.len() - 1,
            body.len()
        );
        body.drain(..from);
    }
    match manner {
        Manner::Explains => body = b"<!DOCTYPE html><html><p>Please log in.</html>".to_vec(),
        Manner::Floods => body = vec![7; 3 << 20],
        Manner::Circles => {
            let _ = write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n{close}\r\n"
            );
            return;
        }
        Manner::Missing => {
            let _ = write!(
                stream,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n{close}\r\nnone"
            );
            return;
        }
        Manner::Redirects => {
            let _ = write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: /moved{path}\r\nContent-Length: 0\r\n{close}\r\n"
            );
            return;
        }
        Manner::Corrupts => {
            let middle = body.len() / 2;
            body[middle] ^= 0x55;
        }
        _ => {}
    }
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{close}\r\n",
        body.len()
    );
    match manner {
        Manner::Truncates | Manner::TruncatesWithoutParts => {
            let _ = stream.write_all(&body[..body.len() / 2]);
        }
        Manner::Stalls => {
            let _ = stream.write_all(&body[..body.len() / 2]);
            // Until the other side gives up.
            let _ = stream.read(&mut [0]);
        }
        _ => {
            let _ = stream.write_all(&body);
        }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A set of small files, known with its checksums and with these mirrors, and its files as a server has them.
fn known(mirrors: &[&str]) -> (KnownSet, HashMap<String, Vec<u8>>) {
    let noise = (0..3000_u32).map(|value| (value.wrapping_mul(2_654_435_761) >> 24) as u8);
    let images: Vec<u8> = [0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 10, 0, 0, 0, 10]
        .into_iter()
        .chain(noise)
        .collect();
    let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 0, 30]
        .into_iter()
        .chain((0..30).map(|image| image % 10))
        .collect();
    let contents = [&images, &labels, &images, &labels];
    let hex = |bytes: &[u8]| -> String {
        Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    let files: HashMap<_, _> = NAMES
        .iter()
        .zip(contents)
        .map(|(name, bytes)| (format!("{name}.gz"), packed(bytes)))
        .collect();
    let mirrors: Vec<&'static str> = mirrors
        .iter()
        .map(|url| &*String::leak((*url).to_owned()))
        .collect();
    let known_file = |(name, content): (&str, &Vec<u8>)| {
        let name = format!("{name}.gz");
        KnownFile {
            bytes: files[&name].len() as u64,
            name: String::leak(name),
            sum: Some(Sum::Content(String::leak(hex(content)))),
        }
    };
    let known_files: Vec<_> = NAMES.into_iter().zip(contents).map(known_file).collect();
    let set = KnownSet {
        name: "tiny",
        title: "Tiny",
        train_images: 30,
        test_images: 30,
        files: Vec::leak(known_files),
        identity: None,
        mirrors: Vec::leak(mirrors),
        debian: None,
        ..KNOWN_SETS[1].clone()
    };
    (set, files)
}

fn options(folder: &Path) -> FetchOptions {
    FetchOptions {
        patience: Duration::from_secs(2),
        ..FetchOptions::new(folder.to_owned())
    }
}

/// What is in the folder of sets: the set alone, when all went well.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn assert_whole(folder: &Path) {
    assert_eq!(names(folder), ["tiny"]);
    let set = Located::At(&IDX, folder.join("tiny"))
        .load(&Limits::default())
        .unwrap();
    assert_eq!((set.train().len(), set.test().len()), (30, 30));
    let mut files = NAMES.map(|name| format!("{name}.gz"));
    files.sort();
    assert_eq!(names(&folder.join("tiny")), files);
}

#[test]
fn a_good_server_gives_all_with_progress_and_only_once() {
    let folder = TempDir::new().unwrap();
    let server = serve(&known(&[]).1, &[]);
    let (set, _) = known(&[&server.url]);
    let never = AtomicBool::new(false);
    let steps = Mutex::new(Vec::new());
    let progress = Progress::new(&never, |done, all| steps.lock().unwrap().push((done, all)));
    let path = fetch(&set, &options(folder.path()), &progress).unwrap();
    drop(progress);
    assert_eq!(path, folder.path().join("tiny"));
    assert_whole(folder.path());
    let all = set.bytes();
    let steps = steps.into_inner().unwrap();
    assert!(steps.is_sorted() && steps.iter().all(|step| step.1 == all));
    assert_eq!(steps.last(), Some(&(all, all)));
    // What is there is not asked for again.
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(server.seen.lock().unwrap().len(), 4);
}

#[test]
fn a_broken_transfer_goes_on_where_it_broke_off() {
    for (manner, parts) in [
        (Manner::Truncates, true),
        (Manner::TruncatesWithoutParts, false),
    ] {
        let folder = TempDir::new().unwrap();
        let manners: &[Manner] = if parts {
            &[manner]
        } else {
            &[manner, Manner::TruncatesWithoutParts]
        };
        let server = serve(&known(&[]).1, manners);
        let (set, files) = known(&[&server.url]);
        fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
        assert_whole(folder.path());
        let seen = server.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), if parts { 5 } else { 6 });
        let half = files[&format!("{}.gz", NAMES[0])].len() / 2;
        assert_eq!(
            seen[1],
            (format!("/{}.gz", NAMES[0]), Some(format!("{half}-")))
        );
    }
}

#[test]
fn a_later_call_takes_up_what_an_earlier_one_received() {
    let folder = TempDir::new().unwrap();
    let server = serve(&known(&[]).1, &[Manner::Good, Manner::Stalls]);
    let (set, _) = known(&[&server.url]);
    let error = fetch(&set, &options(folder.path()), &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("train-labels-idx1-ubyte.gz could not be fetched: http://127.0.0.1:"),
        "{error}"
    );
    assert!(error.contains("no data for 2 seconds"), "{error}");
    assert!(
        error.contains("give a URL or a folder with --from"),
        "{error}"
    );
    assert_eq!(names(folder.path()), [".tiny.part"]);
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_whole(folder.path());
    let seen = server.seen.lock().unwrap().clone();
    // One whole, one stalled, the rest of that, and the last two.
    assert_eq!(seen.len(), 5);
    assert!(seen[2].1.is_some());
}

#[test]
fn mirrors_that_refuse_corrupt_or_stall_are_passed_over() {
    // Nobody listens there; a port that was free a moment ago may be another test's by now.
    let gone = "http://127.0.0.1:1".to_owned();
    let files = known(&[]).1;
    let missing = serve(&files, &[Manner::Missing; 4]);
    let corrupt = serve(&files, &[Manner::Corrupts; 4]);
    let stalling = serve(&files, &[Manner::Stalls]);
    let good = serve(&files, &[]);
    let folder = TempDir::new().unwrap();
    let (set, _) = known(&[&gone, &missing.url, &corrupt.url, &stalling.url, &good.url]);
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_whole(folder.path());
    // Another server's version is never joined to what came from the one before.
    assert!(
        good.seen
            .lock()
            .unwrap()
            .iter()
            .all(|(_, range)| range.is_none())
    );

    let folder = TempDir::new().unwrap();
    let corrupt = serve(&files, &[Manner::Corrupts; 4]);
    let (set, _) = known(&[&gone, &missing.url, &corrupt.url]);
    let missing_again = serve(&files, &[Manner::Missing; 4]);
    let set = KnownSet {
        mirrors: vec![
            set.mirrors[0],
            String::leak(missing_again.url.clone()),
            set.mirrors[2],
        ]
        .leak(),
        ..set
    };
    let error = fetch(&set, &options(folder.path()), &Progress::silent())
        .unwrap_err()
        .to_string();
    for reason in [
        "the server returned 404",
        "train-images-idx3-ubyte.gz could not be fetched: ",
        "corrupt",
    ] {
        assert!(error.contains(reason), "{reason}: {error}");
    }
    assert!(!folder.path().join("tiny").exists());
}

#[test]
fn redirects_are_followed() {
    let folder = TempDir::new().unwrap();
    let server = serve(&known(&[]).1, &[Manner::Redirects]);
    let (set, _) = known(&[&server.url]);
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_whole(folder.path());
    assert_eq!(
        server.seen.lock().unwrap()[1].0,
        format!("/moved/{}.gz", NAMES[0])
    );
}

#[test]
fn from_names_a_server_or_a_folder() {
    let server = serve(&known(&[]).1, &[]);
    let (set, files) = known(&[]);
    let folder = TempDir::new().unwrap();
    let from = FetchOptions {
        from: Some(server.url.clone() + "/"),
        ..options(folder.path())
    };
    fetch(&set, &from, &Progress::silent()).unwrap();
    assert_whole(folder.path());

    let source = TempDir::new().unwrap();
    for (name, bytes) in &files {
        fs::write(source.path().join(name), bytes).unwrap();
    }
    let folder = TempDir::new().unwrap();
    let from = FetchOptions {
        from: Some(source.path().display().to_string()),
        ..options(folder.path())
    };
    fetch(&set, &from, &Progress::silent()).unwrap();
    assert_whole(folder.path());

    let labels = source.path().join(format!("{}.gz", NAMES[3]));
    fs::write(&labels, packed(b"other")).unwrap();
    let folder = TempDir::new().unwrap();
    let from = FetchOptions {
        from: Some(source.path().display().to_string()),
        ..options(folder.path())
    };
    let error = fetch(&set, &from, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(
            "t10k-labels-idx1-ubyte.gz: expected a file of Tiny, but its content has SHA-256 "
        ),
        "{error}"
    );
    fs::remove_file(&labels).unwrap();
    let error = fetch(&set, &from, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("t10k-labels-idx1-ubyte.gz not found; choose a folder that holds it"),
        "{error}"
    );
    assert!(!folder.path().join("tiny").exists());
}

#[test]
fn what_was_received_in_vain_is_swept_away() {
    let (set, files) = known(&[]);
    let server = serve(&files, &[Manner::Stalls]);
    let folder = TempDir::new().unwrap();
    let from = FetchOptions {
        from: Some(server.url.clone()),
        ..options(folder.path())
    };
    fetch(&set, &from, &Progress::silent()).unwrap_err();
    assert_eq!(names(&folder.path().join(".tiny.part")).len(), 2);
    let source = TempDir::new().unwrap();
    for (name, bytes) in &files {
        fs::write(source.path().join(name), bytes).unwrap();
    }
    let from = FetchOptions {
        from: Some(source.path().display().to_string()),
        ..options(folder.path())
    };
    fetch(&set, &from, &Progress::silent()).unwrap();
    assert_whole(folder.path());
}

#[test]
fn a_broken_set_is_made_whole() {
    let folder = TempDir::new().unwrap();
    let server = serve(&known(&[]).1, &[]);
    let (set, _) = known(&[&server.url]);
    let target = folder.path().join("tiny");
    fs::create_dir(&target).unwrap();
    fs::write(target.join(NAMES[1]), "broken").unwrap();
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_whole(folder.path());
}

#[test]
fn a_cancelled_fetch_ends_at_once_even_while_a_server_stalls() {
    let folder = TempDir::new().unwrap();
    let server = serve(&known(&[]).1, &[Manner::Stalls]);
    let (set, _) = known(&[&server.url]);
    let cancelled = AtomicBool::new(false);
    let progress = Progress::new(&cancelled, |done, _| {
        if done > 0 {
            cancelled.store(true, Ordering::Relaxed);
        }
    });
    let patient = FetchOptions {
        patience: Duration::from_secs(600),
        ..options(folder.path())
    };
    let error = fetch(&set, &patient, &progress).unwrap_err().to_string();
    assert!(error.starts_with("stopped"), "{error}");
    assert!(!folder.path().join("tiny").exists());
}

/// A server that treats every request alike.
fn serve_always(files: &HashMap<String, Vec<u8>>, manner: Manner) -> Server {
    serve(files, &[manner; 64])
}

#[test]
fn servers_that_go_in_circles_or_send_another_thing_are_told_apart() {
    let files = known(&[]).1;
    for (manner, reason) in [
        (Manner::Circles, "redirected too often"),
        (Manner::Explains, "it is a web page, not data"),
        (Manner::Floods, "bytes were sent"),
    ] {
        let server = serve_always(&files, manner);
        let (set, _) = known(&[&server.url]);
        let folder = TempDir::new().unwrap();
        let error = fetch(&set, &options(folder.path()), &Progress::silent());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(reason), "{manner:?}: {error}");
        assert!(!folder.path().join("tiny").exists(), "{manner:?}");
        // The next server is tried.
        let good = serve(&files, &[]);
        let (set, _) = known(&[&server.url, &good.url]);
        fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
        assert_whole(folder.path());
    }
}

/// MD5 of the bytes, from a program that is not the one under test.
const HELLO_MD5: &str = "5d41402abc4b2a76b9719d911017c592";

/// A set of one file, known by the checksum of the file as it is.
fn single(mirror: &str) -> KnownSet {
    let file = KnownFile {
        name: "hello.npz",
        bytes: 5,
        sum: Some(Sum::Md5(HELLO_MD5)),
    };
    KnownSet {
        name: "hello",
        title: "Hello",
        files: Vec::leak(vec![file]),
        mirrors: Vec::leak(vec![&*String::leak(mirror.to_owned())]),
        ..KNOWN_SETS[1].clone()
    }
}

#[test]
fn a_set_of_one_file_is_kept_as_it_came() {
    let files = HashMap::from([("hello.npz".to_owned(), b"hello".to_vec())]);
    let server = serve(&files, &[]);
    let folder = TempDir::new().unwrap();
    let set = single(&server.url);
    let path = fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(names(&path), ["hello.npz"]);
    assert_eq!(fs::read(path.join("hello.npz")).unwrap(), b"hello");
    assert_eq!(names(folder.path()), ["hello"]);
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(server.seen.lock().unwrap().len(), 1);
    // A damaged one is fetched again.
    fs::write(path.join("hello.npz"), "hellO").unwrap();
    fetch(&set, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(fs::read(path.join("hello.npz")).unwrap(), b"hello");

    let wrong = HashMap::from([("hello.npz".to_owned(), b"hallo".to_vec())]);
    let server = serve(&wrong, &[]);
    let folder = TempDir::new().unwrap();
    let error = fetch(
        &single(&server.url),
        &options(folder.path()),
        &Progress::silent(),
    );
    let error = error.unwrap_err().to_string();
    let told = format!("its MD5 is 598d4c200461b81522a3328565c25f7c, expected {HELLO_MD5}");
    assert!(error.contains(&told), "{error}");
    assert!(!folder.path().join("hello").exists());
}

/// An archive of two sets, as EMNIST's, and the sets in it.
fn archived(mirror: &str) -> ([KnownSet; 2], HashMap<String, Vec<u8>>) {
    let inside = |name: &'static str| KnownFile {
        name,
        bytes: 0,
        sum: None,
    };
    let [one, two]: [&'static [KnownFile]; 2] = [
        Vec::leak(vec![inside("one.gz"), inside("one.txt")]),
        Vec::leak(vec![inside("two.gz")]),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in [
        ("gzip/one.gz", "first"),
        ("gzip/one.txt", "names"),
        ("gzip/two.gz", "second"),
        ("gzip/more.gz", "unasked"),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(bytes.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let sum: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let archive: &'static Archive = Box::leak(Box::new(Archive {
        name: "both",
        file: KnownFile {
            name: "both.zip",
            bytes: bytes.len() as u64,
            sum: Some(Sum::Sha256(String::leak(sum))),
        },
        sets: Vec::leak(vec![("both-one", one), ("both-two", two)]),
    }));
    let mirrors: &'static [&'static str] = Vec::leak(vec![&*String::leak(mirror.to_owned())]);
    let set = |name, files| KnownSet {
        name,
        files,
        archive: Some(archive),
        mirrors,
        ..KNOWN_SETS[1].clone()
    };
    let sets = [set("both-one", one), set("both-two", two)];
    (sets, HashMap::from([("both.zip".to_owned(), bytes)]))
}

#[test]
fn an_archive_brings_all_of_its_sets_at_once() {
    let server = serve(&archived("").1, &[Manner::Truncates]);
    let ([one, two], _) = archived(&server.url);
    let folder = TempDir::new().unwrap();
    let path = fetch(&one, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(path, folder.path().join("both-one"));
    assert_eq!(names(folder.path()), ["both-one", "both-two"]);
    assert_eq!(names(&path), ["one.gz", "one.txt"]);
    assert_eq!(fs::read(path.join("one.txt")).unwrap(), b"names");
    let other = fetch(&two, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(fs::read(other.join("two.gz")).unwrap(), b"second");
    // It broke off once, and the second set needed nothing.
    assert_eq!(server.seen.lock().unwrap().len(), 2);
    // One that was lost is put back, and the other stays.
    fs::remove_dir_all(&path).unwrap();
    fs::write(other.join("note"), "mine").unwrap();
    fetch(&one, &options(folder.path()), &Progress::silent()).unwrap();
    assert_eq!(names(&other), ["note", "two.gz"]);
}

#[test]
fn an_archive_from_a_folder_is_verified_and_needed() {
    let ([one, _], files) = archived("");
    let source = TempDir::new().unwrap();
    let folder = TempDir::new().unwrap();
    let from = FetchOptions {
        from: Some(source.path().display().to_string()),
        ..options(folder.path())
    };
    let error = fetch(&one, &from, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("both.zip not found; choose a folder"),
        "{error}"
    );
    assert_eq!(names(folder.path()), [""; 0], "nothing is left of nothing");
    let mut broken = files["both.zip"].clone();
    broken[40] ^= 1;
    fs::write(source.path().join("both.zip"), broken).unwrap();
    let error = fetch(&one, &from, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(error.contains("its SHA-256 is "), "{error}");
    assert!(!folder.path().join("both-one").exists());
    fs::write(source.path().join("both.zip"), &files["both.zip"]).unwrap();
    fetch(&one, &from, &Progress::silent()).unwrap();
    assert_eq!(names(folder.path()), ["both-one", "both-two"]);
}
