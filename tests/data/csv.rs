//! CSV files: tables of images as Kaggle and people write them, and what is no such table.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use convscope::data::formats::CSV;
use convscope::data::{
    Dataset, ImageOptions, Limits, LoadOptions, Located, Pixels, Places, Progress, browse,
    locate_in,
};
use convscope::shape::Shape;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::damage::opened;

const SIDE: usize = 8;
const AREA: usize = SIDE * SIDE;

/// The label and the pixels of image `number`: from 0 to 200, bright where its class says so.
fn row(number: usize) -> (usize, Vec<usize>) {
    let class = number % 3;
    let level = |pixel: usize| match pixel / SIDE % 3 == class {
        true => 200 - number % 5,
        false => (pixel + number) % 9 * usize::from(pixel > 0),
    };
    (class, (0..AREA).map(level).collect())
}

fn headings(pixels: usize) -> String {
    let names: Vec<String> = (0..pixels).map(|pixel| format!("pixel{pixel}")).collect();
    names.join(",")
}

fn values(values: &[usize]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(",")
}

/// A table as Kaggle writes it, of `count` images.
fn kaggle(count: usize) -> String {
    let mut text = format!("label,{}\n", headings(AREA));
    for number in 0..count {
        let (label, pixels) = row(number);
        text += &format!("{label},{}\n", values(&pixels));
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn open_with(path: &Path, options: &LoadOptions) -> Result<Dataset, String> {
    let located =
        locate_in(&Places::default(), path.to_str()).map_err(|error| error.to_string())?;
    assert_eq!(located, Located::At(&CSV, path.to_owned()));
    let set = located.load_with(options, &Progress::silent());
    set.map_err(|error| error.to_string())
}

fn open(path: &Path) -> Result<Dataset, String> {
    open_with(path, &LoadOptions::default())
}

/// The set in a file of these bytes.
fn load(text: impl AsRef<[u8]>) -> Result<Dataset, String> {
    load_as("set.csv", text)
}

fn load_as(name: &str, text: impl AsRef<[u8]>) -> Result<Dataset, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    open(&path).map_err(|error| error.replace(&path.display().to_string(), "set"))
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    load(text).map(|_| ()).unwrap_err()
}

fn note(set: &Dataset) -> String {
    set.summary().note
}

fn bytes(set: &Dataset) -> &[u8] {
    match set.train().pixels() {
        Pixels::U8(values) => values,
        Pixels::F32(_) => panic!("whole numbers are bytes"),
    }
}

/// Lines of a table with each changed by its number.
fn lines(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(at, line)| change(at, line) + "\n").collect()
}

#[test]
fn kaggles_file_of_digits_opens() {
    // The public competition's form, with images that are no digits.
    let packed = include_bytes!("tables/digit-recognizer.csv.gz");
    let set = load_as("train.csv.gz", packed).unwrap();
    assert_eq!(set.shape(), Shape::new(28, 28, 1));
    assert_eq!((set.train().len(), set.test().len()), (17, 3));
    assert!(
        note(&set).contains("3 of 20 images are test images: 20 % of each class, seed 1"),
        "{}",
        note(&set)
    );
    assert!(
        note(&set).contains("rows of 784 values, taken as 28×28"),
        "{}",
        note(&set)
    );
    let mut text = Vec::new();
    let mut unpacked = flate2::read::GzDecoder::new(&packed[..]);
    std::io::Read::read_to_end(&mut unpacked, &mut text).unwrap();
    assert_eq!(load(&text).unwrap().identity(), set.identity());
}

#[test]
fn scikit_learns_digits_are_the_same_set_as_arrays_and_as_a_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/digits");
    let table = open(&folder.join("rows.csv")).unwrap();
    let arrays = Located::at(&folder.join("rows.npz")).unwrap();
    let arrays = arrays.load(&Limits::default()).unwrap();
    assert_eq!(table.identity(), arrays.identity());
    assert_eq!(table.class_names(), arrays.class_names());
    assert!(
        note(&table).starts_with("pixels 0 to 16, scaled to 0 to 1"),
        "{}",
        note(&table)
    );
}

#[test]
fn a_file_of_test_images_beside_one_of_training_images_belongs_to_it() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let train = write("clothes_train.csv", kaggle(30));
    let test = write("clothes_test.csv", kaggle(12));
    let set = open(&train).unwrap();
    assert_eq!(
        (&*set.name, set.train().len(), set.test().len()),
        ("clothes", 30, 12)
    );
    assert_eq!(set.class_names(), ["0", "1", "2"]);
    assert_eq!(set.train().labels()[..4], [0, 1, 2, 0]);
    let first: Vec<usize> = bytes(&set)[..AREA]
        .iter()
        .map(|&value| value.into())
        .collect();
    assert_eq!(first, row(0).1);
    for path in [&test, folder.path()] {
        assert_eq!(
            open(path).unwrap().identity(),
            set.identity(),
            "{}",
            path.display()
        );
    }
    let entry = browse::look(folder.path());
    assert_eq!(entry.kind.text(), "CSV files");
    assert_eq!(
        entry.bytes,
        Some(train.metadata().unwrap().len() + test.metadata().unwrap().len())
    );
    fs::write(folder.path().join("classes.txt"), "shoe\nhat\nbag\n").unwrap();
    assert_eq!(open(&train).unwrap().class_names(), ["shoe", "hat", "bag"]);

    // With validation images the test images stay the test images.
    write("clothes_val.csv", kaggle(6));
    let set = open(&test).unwrap();
    assert_eq!(set.validation().map(|split| split.len()), Some(6));
    assert_eq!(set.test().len(), 12);

    let other = Shape::new(9, 9, 1);
    let text = format!(
        "label,{}\n1,{}\n",
        headings(other.len()),
        values(&vec![7; other.len()])
    );
    fs::write(&test, text).unwrap();
    let error = open(&train).unwrap_err();
    assert!(
        error.contains("training images are 8×8×1, but test images are 9×9×1"),
        "{error}"
    );
}

#[test]
fn a_test_file_without_labels_is_not_used_and_told() {
    let folder = TempDir::new().unwrap();
    let (train, test) = (
        folder.path().join("train.csv"),
        folder.path().join("test.csv"),
    );
    fs::write(&train, kaggle(30)).unwrap();
    let unlabelled = format!("{}\n{}\n", headings(AREA), values(&row(1).1));
    fs::write(&test, unlabelled).unwrap();
    fs::write(
        folder.path().join("sample_submission.csv"),
        "ImageId,Label\n1,0\n",
    )
    .unwrap();
    for path in [&train, &test, folder.path()] {
        let set = open(path).unwrap();
        assert_eq!((set.train().len(), set.test().len()), (24, 6));
        assert!(
            note(&set).contains("not used: test.csv, which has no labels"),
            "{}",
            note(&set)
        );
    }
    fs::remove_file(&train).unwrap();
    let error = open(&test).unwrap_err();
    assert!(error.contains("expected a column of labels"), "{error}");
    assert!(
        error.contains("found 64 columns, all of pixels; choose the file with the labels"),
        "{error}"
    );
}

#[test]
fn however_a_table_is_written_it_is_the_same_set() {
    let plain = kaggle(30);
    let expected = load(&plain).unwrap();
    assert_eq!((expected.train().len(), expected.test().len()), (24, 6));
    let body: String = plain.split_inclusive('\n').skip(1).collect();
    let last = |line: &str| {
        let (label, pixels) = line.split_once(',').unwrap();
        format!("{pixels},{label}")
    };
    let counted: Vec<usize> = (0..AREA).collect();
    for (what, text) in [
        ("without headings", body.clone()),
        ("semicolons", plain.replace(',', ";")),
        ("tabs", plain.replace(',', "\t")),
        ("spaces", plain.replace(',', " , ")),
        (
            "CRLF and BOM",
            format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        ),
        ("no end", plain.trim_end().to_owned()),
        (
            "blank lines",
            format!("{plain}\n\r\n   \n{}\n\n", ",".repeat(AREA)),
        ),
        (
            "quoted",
            lines(&plain, |_, line| {
                format!("\"{}\"", line.replace(',', "\",\""))
            }),
        ),
        ("label last", lines(&plain, |_, line| last(line))),
        (
            "label last without headings",
            lines(&body, |_, line| last(line)),
        ),
        (
            "label called y in the middle",
            lines(&plain, |at, line| {
                let (label, pixels) = line.split_once(',').unwrap();
                let (first, rest) = pixels.split_once(',').unwrap();
                format!("{first},{},{rest}", if at == 0 { "y" } else { label })
            }),
        ),
        (
            "pandas' index",
            lines(&plain, |at, line| match at {
                0 => format!(",{line}"),
                _ => format!("{},{line}", at - 1),
            }),
        ),
        (
            "pandas' columns",
            format!("label,{}\n{body}", values(&counted)),
        ),
        (
            "labels as 1.0",
            lines(&plain, |at, line| match at {
                0 => line.to_owned(),
                _ => line.replacen(',', ".0,", 1),
            }),
        ),
    ] {
        let set = load(text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(set.identity(), expected.identity(), "{what}");
        assert_eq!(set.class_names(), ["0", "1", "2"], "{what}");
    }
    for name in ["set.tsv", "set.CSV.gz", "set.csv"] {
        let set = load_as(name, gzip(plain.as_bytes())).unwrap();
        assert_eq!(set.identity(), expected.identity(), "{name}");
    }
}

#[test]
fn labels_that_are_words_name_the_classes() {
    let names = ["cat, or \"tiger\"", "dog", "käse"];
    let named = |quoted: &str| {
        lines(&kaggle(30), |at, line| {
            match (at, line.split_once(',').unwrap()) {
                (0, _) => line.to_owned(),
                (_, (label, pixels)) => {
                    let name = names[label.parse::<usize>().unwrap()];
                    format!("\"{}\",{pixels}", name.replace('"', quoted))
                }
            }
        })
    };
    let set = load(named("\"\"")).unwrap();
    assert_eq!(set.class_names(), names);
    assert_eq!(set.identity(), load(kaggle(30)).unwrap().identity());
    // A spreadsheet's Latin-1.
    let text = named("\"\"");
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    assert_eq!(load(latin).unwrap().class_names(), names);
    // From 1 on, and with a gap.
    let shifted = lines(&kaggle(30), |at, line| match at {
        0 => line.to_owned(),
        _ => line.replacen("2,", "4,", usize::from(line.starts_with('2'))),
    });
    let set = load(shifted).unwrap();
    assert_eq!(set.class_names(), ["0", "1", "2", "3", "4"]);
    assert!(
        note(&set).contains("classes 2, 3 have no images"),
        "{}",
        note(&set)
    );
}

#[test]
fn what_is_neither_label_nor_pixel_is_told() {
    let text = lines(&kaggle(30), |at, line| match at {
        0 => format!("id,class_name,{line}"),
        _ => format!("{at},thing,{line}"),
    });
    let set = load(text).unwrap();
    assert_eq!(set.identity(), load(kaggle(30)).unwrap().identity());
    assert!(
        note(&set).contains("not used: id, class_name"),
        "{}",
        note(&set)
    );
}

#[test]
fn pixels_have_the_range_that_their_values_say() {
    let scaled = |value: &dyn Fn(f64) -> String| {
        lines(&kaggle(30), |at, line| match at {
            0 => line.to_owned(),
            _ => {
                let (label, pixels) = line.split_once(',').unwrap();
                let pixels = pixels.split(',').map(|level| value(level.parse().unwrap()));
                format!("{label},{}", pixels.collect::<Vec<_>>().join(","))
            }
        })
    };
    let pixels = |set: &Dataset| {
        let mut image = vec![0.0; AREA];
        set.train().image(3, &mut image);
        image
    };
    let levels = load(kaggle(30)).unwrap();
    let unit = load(scaled(&|level| format!("{:?}", (level / 255.0) as f32))).unwrap();
    assert_eq!(pixels(&unit), pixels(&levels));
    assert!(note(&unit).starts_with("pixels 0 to 1"), "{}", note(&unit));
    let points = load(scaled(&|level| format!("{level:.1}"))).unwrap();
    assert_eq!(pixels(&points), pixels(&levels));
    assert!(matches!(points.train().pixels(), Pixels::F32(_)));
    let sixteen = load(scaled(&|level| format!("{}", (level / 12.5).round()))).unwrap();
    assert!(
        note(&sixteen).starts_with("pixels 0 to 16, scaled to 0 to 1"),
        "{}",
        note(&sixteen)
    );
    let black_and_white = load(scaled(&|level| format!("{}", u8::from(level > 100.0)))).unwrap();
    assert!(
        note(&black_and_white).starts_with("pixels 0 and 1"),
        "{}",
        note(&black_and_white)
    );
    let error = load(scaled(&|level| format!("{}", level / 100.0 - 1.0))).unwrap_err();
    assert!(
        error.contains("name the values of black and white with --pixels"),
        "{error}"
    );
    let normalised = LoadOptions {
        images: ImageOptions {
            pixels: Some((-1.0, 1.0)),
            ..ImageOptions::default()
        },
        ..LoadOptions::default()
    };
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.csv");
    fs::write(&path, scaled(&|level| format!("{}", level / 100.0 - 1.0))).unwrap();
    assert!(open_with(&path, &normalised).is_ok());
}

#[test]
fn images_may_have_colour_and_a_shape_that_headings_tell() {
    let mut text = String::new();
    for number in 0..10 {
        let pixels: Vec<usize> = (0..3 * AREA).map(|at| 20 * (at % 3) + number).collect();
        text += &format!("{},{}\n", number % 2, values(&pixels));
    }
    let set = load(&text).unwrap();
    assert_eq!(set.shape(), Shape::new(8, 8, 3));
    assert_eq!(bytes(&set)[..3], [0, 20, 40]);
    assert!(
        note(&set).contains("taken as 8×8 in colour"),
        "{}",
        note(&set)
    );
    let told = "label,1x1,1x2,1x3,2x1,2x2,2x3\n0,10,20,30,40,50,60\n1,60,50,40,30,20,10\n"
        .to_owned()
        + "0,1,2,3,4,5,6\n1,2,3,4,5,6,7\n";
    assert_eq!(load(told).unwrap().shape(), Shape::new(2, 3, 1));
}

#[test]
fn long_files_are_read_in_blocks_and_stay_in_order() {
    // Several blocks, in the last of which floats begin; a label has line breaks.
    let count = 15_000;
    let mut text = kaggle(count);
    assert!(text.len() > 2 << 20, "{}", text.len());
    let set = load(&text).unwrap();
    let share: Vec<usize> = set.train().class_counts(3);
    assert_eq!(share, [4000; 3]);
    let expected = bytes(&set).to_vec();
    text = lines(&text, |at, line| match at {
        0 => line.to_owned(),
        _ => {
            let (label, pixels) = line.split_once(',').unwrap();
            format!("\"class\n\n{label}\",{pixels}")
        }
    });
    let set = load(&text).unwrap();
    assert_eq!(
        set.class_names(),
        ["class\n\n0", "class\n\n1", "class\n\n2"]
    );
    assert!(bytes(&set) == expected);
    let (label, pixels) = row(0);
    text += &format!("\"class\n\n{label}\",{}.5\n", values(&pixels));
    let set = load(&text).unwrap();
    let Pixels::F32(floats) = set.train().pixels() else {
        panic!("a float among them");
    };
    assert_eq!(set.train().len() + set.test().len(), count + 1);
    assert!((floats[5] - f32::from(expected[5]) / 255.0).abs() < 1e-6);
    // An error far in tells its line.
    let error = refusal(kaggle(count) + "1,2,3\n");
    assert!(
        error.contains("line 15002: expected 65 columns as before, found 3"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_column() {
    let changed = |line: usize, change: &dyn Fn(&str) -> String| {
        lines(&kaggle(30), |at, text| {
            if at == line {
                change(text)
            } else {
                text.to_owned()
            }
        })
    };
    let at = |line: usize, column: usize, value: &str| {
        changed(line, &|text| {
            let mut values: Vec<&str> = text.split(',').collect();
            values[column] = value;
            values.join(",")
        })
    };
    let plain = kaggle(30);
    let cut = plain[..plain.len() - 40].to_owned();
    for (text, expected) in [
        (
            at(7, 13, "x"),
            "set: line 8, column 14 (pixel12): expected a number, found `x`; correct the file",
        ),
        (
            at(7, 13, ""),
            "line 8, column 14 (pixel12): expected a number, found nothing",
        ),
        (
            at(7, 13, "nan"),
            "line 8, column 14 (pixel12): expected a number, found `nan`",
        ),
        (at(7, 13, "1e99"), "found `1e99`"),
        (
            at(3, 0, " "),
            "line 4, column 1 (label): expected a label, found nothing",
        ),
        (
            at(3, 0, "1.5"),
            "expected whole-number labels, found 1.5 at index 2",
        ),
        (
            at(3, 9, "-3000"),
            "expected pixels from 0 to 1 or from 0 to 255, found -3,000 in image 2",
        ),
        (
            changed(9, &|line| format!("{line},5")),
            "line 10: expected 65 columns as before, found 66",
        ),
        (cut, "line 31: expected 65 columns as before, found"),
        (String::new(), "expected at least one image, found none"),
        (
            "\n\n\n".to_owned(),
            "expected at least one image, found none",
        ),
        (
            plain.lines().next().unwrap().to_owned(),
            "expected at least one image, found none",
        ),
        (
            "sepal_length,sepal_width,petal_length,petal_width,species\n5.1,3.5,1.4,0.2,setosa\n"
                .to_owned(),
            "expected a row for each image, with its label and its pixels, such as 784 for 28×28, found 5 columns (sepal_length, sepal_width and so on); choose a table of images",
        ),
        (
            "file,class\na.png,cat\n".to_owned(),
            "call it labels.csv if it lists the classes of image files",
        ),
        (
            "<!DOCTYPE html><html></html>".to_owned(),
            "this is a web page, not a CSV file",
        ),
        (
            "PK\x03\x04 and so on".to_owned(),
            "this is a zip archive, not a CSV file",
        ),
        (
            "a\0b".to_owned(),
            "this is a file of binary data, not a CSV file",
        ),
        ("\"a".repeat(99) + &"b".repeat(200), "found 1 column"),
    ] {
        let error = refusal(&text);
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(error.starts_with("set"), "{error}");
    }
    let utf_16: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain([0, b'1', 0, b','].repeat(90))
        .collect();
    assert!(refusal(utf_16).contains("this is text in UTF-16"));
    let packed = gzip(plain.as_bytes());
    assert!(refusal(&packed[..packed.len() / 2]).contains("the compressed data is corrupt after"));
    let one = lines(&plain, |at, line| {
        if at == 0 {
            line.to_owned()
        } else {
            "7".to_owned() + &line[1..]
        }
    });
    assert!(refusal(one).contains("expected 2 to 1000 classes, found 1"));
}

#[test]
fn hostile_files_cost_no_more_than_the_limits() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.csv");
    let within = |bytes: u64| LoadOptions {
        limits: Limits {
            decompressed_bytes: bytes,
        },
        ..LoadOptions::default()
    };
    fs::write(&path, kaggle(30)).unwrap();
    let needed = 30 * AREA as u64;
    assert!(open_with(&path, &within(needed)).is_ok());
    let error = open_with(&path, &within(needed - 1)).unwrap_err();
    assert!(
        error.contains(&format!(
            "{needed} bytes, more than the limit of {}",
            needed - 1
        )),
        "{error}"
    );
    // A line without an end that is packed into little.
    let long = gzip(&vec![b'1'; 70 << 20]);
    assert!(long.len() < 1 << 20);
    let error = refusal(&long);
    assert!(
        error.contains("line 1: expected a row of numbers, found more than 33554432 bytes"),
        "{error}"
    );
    // A quotation mark that is never closed.
    let error = refusal(format!("{}\"{}", kaggle(1), "0,0\n".repeat(10)));
    assert!(error.contains("columns"), "{error}");
    // More columns than an image has pixels, more labels than there are classes.
    let wide = values(&vec![1; 600 * 600 + 1]);
    assert!(refusal(wide).contains("images are 600×600×1"));
    let text: String = (0..1100)
        .map(|at| format!("{at},{}\n", values(&row(at).1)))
        .collect();
    assert!(refusal(text).contains("found 1001; check the labels"));
}

#[test]
fn reading_tells_its_progress_and_stops_on_request() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.csv");
    fs::write(&path, kaggle(15_000)).unwrap();
    let length = path.metadata().unwrap().len();
    let cancelled = AtomicBool::new(false);
    let told = std::sync::Mutex::new(Vec::new());
    let options = LoadOptions::default();
    let located = Located::At(&CSV, path);
    {
        let progress = Progress::new(&cancelled, |done, all| {
            told.lock().unwrap().push((done, all))
        });
        located.load_with(&options, &progress).unwrap();
    }
    let told = told.into_inner().unwrap();
    assert!(
        told.len() > 2 && told.iter().all(|&(done, all)| done <= all && all == length),
        "{told:?}"
    );
    assert!(told.is_sorted());
    cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
    let progress = Progress::new(&cancelled, |_, _| {});
    let error = located.load_with(&options, &progress).unwrap_err();
    assert_eq!(error.to_string(), "stopped on request");
}

/// As spreadsheets write them in many countries.
#[test]
fn decimal_commas_are_read_as_points() {
    let with_points = lines(&kaggle(30), |at, line| match at {
        0 => line.to_owned(),
        _ => {
            let (label, pixels) = line.split_once(',').unwrap();
            let pixels = pixels
                .split(',')
                .map(|pixel| pixel.parse::<f64>().unwrap() / 200.0);
            let pixels: Vec<String> = pixels.map(|pixel| format!("{pixel:?}")).collect();
            format!("{label},{}", pixels.join(","))
        }
    });
    let expected = load(with_points.as_bytes()).unwrap();
    let with_commas = with_points.replace(',', ";").replace('.', ",");
    let (_, without_headings) = with_commas.split_once('\n').unwrap();
    // The first delimiter is not what comes first.
    let label_last = lines(without_headings, |_, line| {
        let (label, pixels) = line.split_once(';').unwrap();
        format!("{pixels};{label}")
    });
    for text in [&with_commas, without_headings, &label_last] {
        let set = load(text.as_bytes()).unwrap();
        assert_eq!(set.identity(), expected.identity());
        let note = note(&set);
        assert!(
            note.contains("commas in numbers read as decimal points"),
            "{note}"
        );
    }
    assert!(!note(&expected).contains("commas"));
    // Labels as floats, and commas that are no decimal ones.
    let floats = lines(without_headings, |_, line| line.replacen(';', ",0;", 1));
    let set = load(floats.as_bytes()).unwrap();
    assert_eq!(set.identity(), expected.identity());
    let wrong = with_commas.replacen("0,0;", "0,0,1;", 1);
    let error = load(wrong.as_bytes()).map(drop).unwrap_err();
    assert!(
        error.contains("expected a number, found `0,0,1`"),
        "{error}"
    );
}

#[test]
fn the_list_of_a_folder_of_images_is_no_table() {
    let folder = TempDir::new().unwrap();
    let path: PathBuf = folder.path().join("labels.csv");
    fs::write(&path, kaggle(3)).unwrap();
    assert!(Located::at(&path).is_err());
    assert!(Located::at(folder.path()).is_err());
}

/// Tables with a few wrong bytes: refused or read, without a panic. `fuzz/` looks further.
#[test]
fn damaged_tables_are_refused_or_read() {
    let tables = [
        kaggle(12),
        kaggle(12).replace(',', ";").replace("0;", "\"0\";"),
        lines(&kaggle(12), |at, line| {
            if at == 0 {
                line.to_owned()
            } else {
                line.replace(",3,", ",0.5,")
            }
        }),
    ];
    let opened = opened(300, "set", |round, random| {
        let mut bytes = tables[round % tables.len()].clone().into_bytes();
        for _ in 0..=random.below(3) {
            let place = random.below(bytes.len());
            bytes[place] = match random.below(3) {
                0 => b",;\n\"\r 0"[random.below(7)],
                1 => b'0' + random.below(10) as u8,
                _ => random.below(256) as u8,
            };
        }
        if random.below(4) == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        load(&bytes).map(drop)
    });
    assert!((30..280).contains(&opened), "{opened}");
}
