//! Archives of sets: opened as they are, under their own name; and what hostile ones can do.

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use convscope::data::browse::EntryKind;
use convscope::data::formats::{ARCHIVE, CIFAR};
use convscope::data::npz::NPZ;
use convscope::data::{
    Dataset, Limits, LoadOptions, Located, Opening, Places, Progress, Source, browse, locate_in,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use image::{GrayImage, ImageFormat, Luma};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::damage::Random;
use crate::images::other_notes as note;

/// Names and contents, in the order of the archive.
type Files = Vec<(String, Vec<u8>)>;

const PETS: &[&str] = &["cat", "dog", "owl"];

fn png(height: u32, width: u32, level: u8) -> Vec<u8> {
    let image = GrayImage::from_pixel(width, height, Luma([level]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// So many images of each pet below `place`.
fn pets(place: &str, images: u8) -> Files {
    let mut files = Files::new();
    for (number, class) in (1..).zip(PETS) {
        for image in 0..images {
            let name = format!("{place}{class}/{image}.png");
            files.push((name, png(2, 3, 20 * number + image)));
        }
    }
    files
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> (String, Vec<u8>) {
    (name.to_owned(), bytes.as_ref().to_vec())
}

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A header whose name is whatever it is.
fn header(name: &[u8], kind: tar::EntryType, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let header = header(name.as_bytes(), tar::EntryType::Regular, bytes.len() as u64);
        archive.append(&header, &bytes[..]).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// The archive in a folder of its own.
struct Packed {
    folder: TempDir,
    path: PathBuf,
}

impl Packed {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        Self { folder, path }
    }

    fn zip(files: &[(String, Vec<u8>)]) -> Self {
        Self::new("photos.zip", &zip(files))
    }

    fn load(&self) -> Result<Dataset, String> {
        self.load_with(&LoadOptions::default())
    }

    fn load_with(&self, options: &LoadOptions) -> Result<Dataset, String> {
        let located = locate_in(&Places::default(), self.path.to_str()).unwrap();
        assert_eq!(located, Located::At(&ARCHIVE, self.path.clone()));
        let set = located.load_with(options, &Progress::silent());
        let told = match &set {
            Ok(set) => set.summary().note,
            Err(error) => error.to_string(),
        };
        assert!(!told.contains("convscope-unpacked"), "{told}");
        set.map_err(|error| error.to_string())
    }

    /// The error, without the path of the archive's folder.
    fn error(&self) -> String {
        self.told(&LoadOptions::default())
    }

    fn told(&self, options: &LoadOptions) -> String {
        let error = self.load_with(options).unwrap_err();
        let folder = format!("{}/", self.folder.path().display());
        error.replace(&folder, "")
    }

    fn row(&self) -> String {
        browse::look(&self.path).kind.text()
    }
}

fn within(bytes: u64) -> LoadOptions {
    LoadOptions {
        limits: Limits {
            decompressed_bytes: bytes,
        },
        ..LoadOptions::default()
    }
}

#[test]
fn an_archive_is_the_set_that_is_in_it() {
    let files = pets("", 5);
    let folder = TempDir::new().unwrap();
    for (name, bytes) in &files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let plain = crate::images::load(folder.path()).unwrap();
    let tar = tar(&files);
    for (name, bytes, row) in [
        (
            "my pets.zip",
            zip(&files),
            "zip archive of images in 3 classes",
        ),
        ("my pets.TAR", tar.clone(), "tar archive"),
        ("my pets.tar.gz", gzip(&tar), "tar archive"),
        ("my pets.tgz", gzip(&tar), "tar archive"),
        // The content counts.
        ("my pets.tar.gz", tar.clone(), "tar archive"),
        ("my pets.tgz", zip(&files), "tar archive"),
    ] {
        let packed = Packed::new(name, &bytes);
        let set = packed.load().unwrap();
        assert_eq!(set.identity(), plain.identity(), "{name}");
        assert_eq!((&*set.name, &*note(&set)), ("my pets", ""), "{name}");
        assert_eq!(set.class_names(), PETS);
        assert_eq!(set.source(), &Source::at(&ARCHIVE, &packed.path));
        assert_eq!(packed.row(), row, "{name}");
    }
}

#[test]
fn it_is_found_again_with_its_choices() {
    let packed = Packed::zip(&pets("", 5));
    let choice = format!("{}?height=4&width=4&test_share=0.4", packed.path.display());
    let opening = Opening::parse(&choice).unwrap();
    let silent = Progress::silent();
    let set = opening.load_in(&Places::default(), &silent).unwrap();
    assert_eq!(set.shape().to_string(), "4×4×1");
    assert_eq!(set.test().len(), 6);
    assert_eq!(set.source().choice(), choice);
    let again = Opening::parse(&set.source().choice()).unwrap();
    let again = again.load_in(&Places::default(), &silent).unwrap();
    assert_eq!(again.identity(), set.identity());
}

#[test]
fn images_are_arranged_in_any_way_that_folders_are() {
    let halves = [pets("train/", 4), pets("test/", 2)].concat();
    let set = Packed::zip(&halves).load().unwrap();
    assert_eq!((set.train().len(), set.test().len()), (12, 6));
    let deep = [
        pets("photos-main/data/", 5),
        vec![file("photos-main/README", "")],
    ]
    .concat();
    let set = Packed::zip(&deep).load().unwrap();
    assert_eq!(set.class_names(), PETS);
    let mut listed: Files = (0..6)
        .map(|image| (format!("{image}.png"), png(2, 2, image)))
        .collect();
    listed.push(file(
        "labels.csv",
        "file,class\n0,a\n1,a\n2,a\n3,b\n4,b\n5,b\n",
    ));
    listed.push(file("6.png", png(2, 2, 6)));
    let packed = Packed::zip(&listed);
    let set = packed.load().unwrap();
    assert_eq!(set.class_names(), ["a", "b"]);
    assert_eq!(
        note(&set),
        "labels.csv: 1 file not named there, and skipped: 6.png"
    );
    assert_eq!(packed.row(), "zip archive");

    // What macOS adds, and what is hidden.
    let mut files = pets("", 5);
    files.push(file("__MACOSX/cat/._0.png", "icon"));
    files.push(file("cat/.DS_Store", ""));
    files.push(file(".git/a/b.png", ""));
    let packed = Packed::zip(&files);
    assert_eq!(note(&packed.load().unwrap()), "");
    assert_eq!(packed.row(), "zip archive of images in 3 classes");
}

#[test]
fn other_formats_are_read_from_archives_too() {
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2][..],
        &[7; 6],
    ]
    .concat();
    let labels = [&[0, 0, 8, 1, 0, 0, 0, 3][..], &[0, 1, 2]].concat();
    let idx = |set: &str| -> Files {
        let name = |part: &str| format!("{set}{part}");
        vec![
            (name("train-images-idx3-ubyte"), images.clone()),
            (name("train-labels-idx1-ubyte.gz"), gzip(&labels)),
            (name("t10k-images-idx3-ubyte"), images.clone()),
            (name("t10k-labels-idx1-ubyte"), labels.clone()),
        ]
    };
    for place in ["", "MNIST/raw/"] {
        let packed = Packed::new("digits.tar.gz", &gzip(&tar(&idx(place))));
        let set = packed.load().unwrap();
        assert_eq!(set.train().labels(), [0, 1, 2]);
    }

    let npz = fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fuzz/corpus/npz/whole"
    ))
    .unwrap();
    let set = Packed::zip(&[file("readme.txt", "words"), file("clothes.npz", &npz)]);
    let set = set.load().unwrap();
    assert_eq!((&*set.name, set.classes()), ("clothes", 3));
    assert!(matches!(set.source(), Source::At(format, ..) if *format == &ARCHIVE));
    // Though npz files are zip archives, they are their own format.
    let own = Packed::new("clothes.npz", &npz);
    assert_eq!(
        locate_in(&Places::default(), own.path.to_str()).unwrap(),
        Located::At(&NPZ, own.path.clone())
    );

    let record = [&[1][..], &[9; 3072]].concat();
    let mut cifar: Files = (1..=5)
        .map(|batch| (format!("data_batch_{batch}.bin"), record.clone()))
        .collect();
    cifar.push(("test_batch.bin".to_owned(), record));
    let packed = Packed::zip(&cifar);
    assert_eq!(packed.load().unwrap().name, "CIFAR-10");
    // Its own archive is read by its own format, without a folder in between.
    let own = Packed::new("cifar-10-binary.tar.gz", &gzip(&tar(&cifar)));
    assert_eq!(
        locate_in(&Places::default(), own.path.to_str()).unwrap(),
        Located::At(&CIFAR, own.path.clone())
    );

    // As EMNIST's own archive.
    let several = [idx("gzip/emnist-letters-"), idx("gzip/emnist-digits-")].concat();
    assert_eq!(
        Packed::zip(&several).error(),
        "photos.zip: holds several sets, emnist-digits, emnist-letters; unpack the archive, and open one of them"
    );
    let several = [file("a.npz", &npz), file("b.npz", &npz)];
    assert_eq!(
        Packed::zip(&several).error(),
        "photos.zip: holds several sets, a.npz and b.npz; unpack the archive, and open one of them"
    );
}

/// What its list of names says is told before it is unpacked.
#[test]
fn several_sets_are_told_whatever_is_in_their_files() {
    let names = |set: &str| -> Files {
        let parts = [
            "train-images-idx3",
            "train-labels-idx1",
            "t10k-images-idx3",
            "t10k-labels-idx1",
        ];
        let names = parts.map(|part| format!("gzip/emnist-{set}-{part}-ubyte.gz"));
        names.map(|name| (name, vec![9; 100])).into()
    };
    let several = Packed::zip(&[names("letters"), names("digits")].concat());
    // Nothing of it could be unpacked.
    assert_eq!(
        several.told(&within(10)),
        "photos.zip: holds several sets, emnist-digits, emnist-letters; unpack the archive, and open one of them"
    );
    let several = Packed::zip(&[
        file("a_train.csv", "label,1x1\n0,1\n"),
        file("b_train.csv", "label,1x1\n0,1\n"),
    ]);
    assert_eq!(
        several.error(),
        "photos.zip: holds several sets, a_train.csv, b_train.csv; unpack the archive, and open one of them"
    );
}

#[test]
fn another_file_under_the_name_of_one_is_told_before_it_is_opened() {
    for (name, bytes, found) in [
        ("a.zip", &b"<!DOCTYPE html><html>"[..], "a web page"),
        ("a.tar.gz", b"404: Not Found", "a text file"),
        (
            "a.npz",
            b"version https://git-lfs.github.com/spec/v1",
            "a pointer of Git LFS to the file",
        ),
        ("a.csv", b"<html></html>", "a web page"),
        ("cifar-10-binary.tar.gz", b"", "an empty file"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert_eq!(
            browse::look(&path).kind,
            EntryKind::Instead(found),
            "{name}"
        );
    }
    let page = Packed::new("a.zip", b"Forbidden");
    assert_eq!(
        page.error(),
        "a.zip: expected a zip or tar archive, but this is a text file; get the file again from its source"
    );
}

#[test]
fn errors_and_notes_name_places_in_the_archive() {
    let mut files = pets("", 5);
    files.push(file("cat/broken.png", b"\x89PNG\r\n\x1a\nrest"));
    let set = Packed::zip(&files).load().unwrap();
    assert_eq!(
        note(&set),
        "skipped 1 file that cannot be read as an image: cat/broken.png (the image is damaged)"
    );
    files.push(file("owl/other.png", png(9, 9, 1)));
    let error = Packed::zip(&files).error();
    assert!(
        error.starts_with("images differ in size: photos.zip, cat/"),
        "{error}"
    );
    let other = ".png is 2×3, but photos.zip, owl/other.png is 9×9 (height×width); set one size";
    assert!(error.contains(other), "{error}");
    let halves = [pets("train/", 4), vec![file("test/a.png", png(2, 3, 1))]].concat();
    let error = Packed::zip(&halves).error();
    assert!(error.starts_with("photos.zip, test: holds 1 image without class folders; move them into class folders as in photos.zip, train"), "{error}");
    let mut wrong = pets("", 5);
    wrong.clear();
    wrong.push(file("SVHN/train_32x32.mat", "MATLAB 5.0"));
    let error = Packed::zip(&wrong).error();
    assert!(
        error.starts_with("photos.zip: holds no data set, but 1 MATLAB file; unpack the archive, and turn it into an npz file"),
        "{error}"
    );
    assert!(error.contains("loadmat('SVHN/train_32x32.mat')"), "{error}");
}

#[test]
fn names_lead_nowhere_else() {
    let mut files = pets("", 5);
    let folder = TempDir::new().unwrap();
    let outside = folder.path().join("outside.png");
    for name in [
        "../../evil.png",
        "cat/../../evil.png",
        "cat/\0.png",
        "..\\evil.png",
    ] {
        files.push(file(name, "evil"));
    }
    files.push((outside.display().to_string(), png(2, 3, 1)));
    let long = format!("cat/{}.png", "n".repeat(300));
    let mut with_long = files.clone();
    with_long.push(file(&long, "evil"));
    let set = Packed::zip(&with_long).load().unwrap();
    assert!(!outside.exists());
    assert_eq!(set.class_names(), PETS);
    let note = note(&set);
    assert!(
        note.contains("not unpacked: ../../evil.png (its name leads out of the archive), "),
        "{note}"
    );
    assert!(note.ends_with(" and more"), "{note}");

    // A path from the root is one from the archive's folder, and backslashes separate folders.
    let mut files = pets("/", 5);
    for (name, _) in &mut files {
        *name = name.replace('/', "\\");
    }
    assert_eq!(Packed::zip(&files).load().unwrap().class_names(), PETS);
    let rooted = tar(&pets("/", 5));
    assert_eq!(
        Packed::new("a.tar", &rooted).load().unwrap().class_names(),
        PETS
    );
}

#[test]
fn links_and_devices_are_skipped() {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("cat/link.png", tar::EntryType::Symlink),
        ("cat/hard.png", tar::EntryType::Link),
        ("cat/device.png", tar::EntryType::Char),
        ("cat/pipe.png", tar::EntryType::Fifo),
    ] {
        let mut header = header(name.as_bytes(), kind, 0);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_cksum();
        archive.append(&header, &[][..]).unwrap();
    }
    archive
        .append(&header(b"owl/", tar::EntryType::Directory, 0), &[][..])
        .unwrap();
    let links = archive.into_inner().unwrap();
    // Without the two blocks that end it.
    let bytes = [&links[..links.len() - 1024], &tar(&pets("", 5))].concat();
    let set = Packed::new("pets.tar", &bytes).load().unwrap();
    assert_eq!(
        note(&set),
        "not unpacked: cat/link.png (a link), cat/hard.png (a link), cat/device.png (no file) and more"
    );
    assert_eq!(set.class_names(), PETS);

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in pets("", 5) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.add_symlink("cat/link.png", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let set = Packed::new("pets.zip", &bytes).load().unwrap();
    assert_eq!(note(&set), "not unpacked: cat/link.png (a link)");
}

#[test]
fn names_may_repeat_clash_and_be_no_text() {
    // As for `tar`, the last one counts.
    let mut files = pets("", 5);
    files.insert(0, file("cat/0.png", "no image"));
    let set = Packed::new("pets.tar", &tar(&files)).load().unwrap();
    assert_eq!((note(&set).as_str(), set.train().len()), ("", 12));

    let mut files = pets("", 5);
    files.insert(0, file("owl", "a file"));
    files.push(file("cat", "another"));
    let set = Packed::new("pets.tar", &tar(&files)).load().unwrap();
    assert_eq!(set.class_names(), ["cat", "dog"]);
    let clash = note(&set);
    assert!(
        clash.starts_with("not unpacked: owl/0.png (both a file and a folder), "),
        "{clash}"
    );

    // Latin-1 in both; two names that differ in a byte that is no text.
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in pets("", 5) {
        let name: Vec<u8> = name
            .bytes()
            .map(|byte| if byte == b'a' { 0xe4 } else { byte })
            .collect();
        let header = header(&name, tar::EntryType::Regular, bytes.len() as u64);
        archive.append(&header, &bytes[..]).unwrap();
    }
    let set = Packed::new("pets.tar", &archive.into_inner().unwrap());
    assert_eq!(
        set.load().unwrap().class_names(),
        ["c\u{fffd}t", "dog", "owl"]
    );
    let mut bytes = zip(&pets("", 5));
    for at in 0..bytes.len() - 4 {
        if bytes[at..].starts_with(b"cat/") {
            bytes[at + 1] = 0x84;
        }
    }
    // Without a mark of their encoding, names are those of old PCs.
    let set = Packed::new("pets.zip", &bytes).load().unwrap();
    assert_eq!(set.class_names(), ["cät", "dog", "owl"]);
}

/// Changes two bytes of each entry's header, `at` from the start of it in the list at the end, `local` from the start of the other one.
fn patched(mut bytes: Vec<u8>, at: usize, local: usize, value: u16) -> Vec<u8> {
    for place in 0..bytes.len() - 4 {
        let offset = match &bytes[place..place + 4] {
            b"PK\x01\x02" => at,
            b"PK\x03\x04" => local,
            _ => continue,
        };
        bytes[place + offset..][..2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn what_is_not_unpacked_is_named_with_a_way_on() {
    let whole = zip(&pets("", 5));
    let methods = [
        (9, "Deflate64"),
        (12, "bzip2"),
        (14, "LZMA"),
        (93, "Zstandard"),
        (95, "XZ"),
        (98, "PPMd"),
    ];
    for (method, name) in methods {
        let error = Packed::new("photos.zip", &patched(whole.clone(), 10, 8, method)).error();
        assert_eq!(
            error,
            format!(
                "photos.zip, cat/0.png: packed by {name}, which is not read; unpack the archive with another program, for example 7z, and open the folder"
            )
        );
    }
    let encrypted = Packed::new("photos.zip", &patched(whole.clone(), 8, 6, 1));
    assert_eq!(
        encrypted.error(),
        "photos.zip, cat/0.png: is encrypted; unpack the archive with its password, and open the folder"
    );

    // The last part of several.
    let mut last = whole.clone();
    let end = last.len() - 22;
    last[end + 4] = 2;
    let split = Packed::new("photos.zip", &last);
    fs::write(split.folder.path().join("photos.z01"), "").unwrap();
    let error = split.error();
    assert!(
        error.contains("the last part of a split zip archive"),
        "{error}"
    );

    for (name, bytes, expected) in [
        (
            "photos.zip",
            &b"<!DOCTYPE html><html>not found"[..],
            "photos.zip: expected a zip or tar archive, but this is a web page; get the file again from its source",
        ),
        (
            "photos.tgz",
            b"",
            "photos.tgz: expected a zip or tar archive, but this is an empty file; get the file again from its source",
        ),
        (
            "photos.zip",
            b"Rar!\x1a\x07\x01\0",
            "this is a RAR archive; unpack it, for example with `unrar x 'photos.zip'`, and open the folder",
        ),
        (
            "photos.tar",
            b"BZh91AY",
            "this is compressed by bzip2; unpack it, for example with `tar xf 'photos.tar'`",
        ),
        (
            "photos.zip",
            b"nothing of the kind",
            "photos.zip: expected a zip or tar archive, but this is a text file; get the file again from its source",
        ),
        (
            "photos.zip",
            b"\x01nothing of the kind",
            "photos.zip: cannot be unpacked: it is not a complete zip archive; check the file, or download it again",
        ),
        ("photos.tar", &[b'n'; 1024], "this is a text file"),
        (
            "photos.tar",
            &[0xfe; 1024],
            "it has no header of a tar archive there",
        ),
        (
            "photos.zip",
            &zip(&[]),
            "photos.zip: holds no data set, but no files; choose another file",
        ),
        (
            "photos.tar",
            &[0; 1024],
            "photos.tar: holds no data set, but no files",
        ),
        (
            "photos.zip",
            &whole[..whole.len() / 2],
            "it is not a complete zip archive",
        ),
    ] {
        let error = Packed::new(name, bytes).error();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let tar = tar(&pets("", 5));
    for bytes in [
        &tar[..tar.len() / 2 + 100],
        &gzip(&tar)[..200],
        &[&gzip(&tar)[..300], &[1; 200]].concat(),
    ] {
        let error = Packed::new("pets.tar.gz", bytes).error();
        assert!(
            error.contains("the compressed data is corrupt after"),
            "{error}"
        );
        assert!(error.starts_with("pets.tar.gz"), "{error}");
    }
    let inner = Packed::zip(&[file("inner.zip", &whole), file("notes.txt", "")]);
    assert_eq!(
        inner.error(),
        "photos.zip: holds no data set, but 1 archive and 1 other; unpack it, since an archive in an archive is not opened: inner.zip"
    );
}

#[test]
fn no_more_is_unpacked_than_the_limit() {
    let zeros = vec![0; 1 << 20];
    let mut files = pets("", 5);
    files.push(file("zeros.bin", &zeros));
    let whole = zip(&files);
    assert!(Packed::new("photos.zip", &whole).load().is_ok());
    // Refused by what it says …
    let limit = within(1 << 19);
    let error = Packed::new("photos.zip", &whole).told(&limit);
    assert!(
        error.starts_with("photos.zip: decompresses to 1049"),
        "{error}"
    );
    assert!(error.contains("--most-memory"), "{error}");
    // … and by what there is, if that is more.
    let mut lying = whole.clone();
    for place in 0..lying.len() - 4 {
        let offset = match &lying[place..place + 4] {
            b"PK\x01\x02" => 24,
            b"PK\x03\x04" => 22,
            _ => continue,
        };
        lying[place + offset..][..4].copy_from_slice(&1_u32.to_le_bytes());
    }
    let error = Packed::new("photos.zip", &lying).told(&limit);
    assert!(error.starts_with("photos.zip"), "{error}");
    let error = Packed::new("photos.tgz", &gzip(&tar(&files))).told(&limit);
    assert!(error.starts_with("photos.tgz: decompresses to "), "{error}");

    // Entries that share their bytes.
    let one = zip(&[file("a/000.png", &zeros)]);
    let at = one
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    let (body, list) = (&one[..at], &one[at..one.len() - 22]);
    let mut bomb = body.to_vec();
    for number in 0..200 {
        let mut entry = list.to_vec();
        let name = entry.windows(3).position(|bytes| bytes == b"000").unwrap();
        entry[name..name + 3].copy_from_slice(format!("{number:03}").as_bytes());
        bomb.extend(entry);
    }
    let mut end = one[one.len() - 22..].to_vec();
    for place in [8, 10] {
        end[place..place + 2].copy_from_slice(&200_u16.to_le_bytes());
    }
    end[12..16].copy_from_slice(&((list.len() * 200) as u32).to_le_bytes());
    bomb.extend(end);
    let error = Packed::new("bomb.zip", &bomb).told(&within(1 << 24));
    assert!(error.starts_with("bomb.zip"), "{error}");

    // A name of 4 MiB, which would be held in memory.
    let mut archive = tar::Builder::new(Vec::new());
    let name = vec![b'n'; 4 << 20];
    let long = header(
        b"././@LongLink",
        tar::EntryType::GNULongName,
        name.len() as u64,
    );
    archive.append(&long, &name[..]).unwrap();
    let bytes = gzip(&archive.into_inner().unwrap());
    let error = Packed::new("long.tar.gz", &bytes).error();
    assert!(
        error.starts_with("long.tar.gz: the compressed data is corrupt"),
        "{error}"
    );
}

#[test]
fn progress_is_of_one_work_and_can_be_stopped() {
    let packed = Packed::zip(&pets("", 5));
    let shares = Mutex::new(Vec::new());
    let located = Located::at(&packed.path).unwrap();
    let never = AtomicBool::new(false);
    let progress = Progress::new(&never, |done, all| {
        shares.lock().unwrap().push(done as f64 / all as f64);
    });
    located
        .load_with(&LoadOptions::default(), &progress)
        .unwrap();
    drop(progress);
    let shares = shares.into_inner().unwrap();
    assert!(
        shares.iter().all(|share| (0.0..=1.0).contains(share)),
        "{shares:?}"
    );
    assert!(
        shares.iter().filter(|share| **share < 0.5).count() > 5,
        "{shares:?}"
    );
    assert!(
        shares.last().is_some_and(|share| *share > 0.9),
        "{shares:?}"
    );

    for (name, bytes) in [("a.zip", zip(&pets("", 5))), ("a.tar", tar(&pets("", 5)))] {
        let packed = Packed::new(name, &bytes);
        let stopped = AtomicBool::new(true);
        let progress = Progress::new(&stopped, |_, _| {});
        let located = Located::at(&packed.path).unwrap();
        let error = located.load_with(&LoadOptions::default(), &progress);
        assert_eq!(error.unwrap_err().to_string(), "stopped on request");
    }
}

#[test]
fn damaged_archives_are_refused_or_read() {
    let mut random = Random::new(11);
    for (name, whole) in [("a.zip", zip(&pets("", 5))), ("a.tar", tar(&pets("", 5)))] {
        let packed = Packed::new(name, b"");
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(4) {
                let place = random.below(bytes.len());
                bytes[place] = random.below(256) as u8;
            }
            bytes.truncate(bytes.len() - random.below(2) * random.below(bytes.len()));
            fs::write(&packed.path, &bytes).unwrap();
            if let Err(error) = packed.load_with(&within(1 << 22)) {
                assert!(error.contains(name), "{error}");
            }
        }
    }
}
