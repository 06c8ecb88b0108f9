//! Reading and making data sets: from files on this machine to the first image, compared with numpy, pandas and zlib if Python has them.
//!
//! `cargo bench --bench loading [-- PART…]` prints seconds (minimum and median of several rounds) for each part: `idx`, `npz`, `csv`,
//! `cifar`, `augment`, `digits`, `pictures`, `batch`. The full Fashion-MNIST is located as in the lab; without it, `idx` and `npz` use the starter set and print a note.

use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use convscope::data::augmented_set::{self, AugmentedSettings};
use convscope::data::digits::{self, DigitSettings};
use convscope::data::formats::{CIFAR, CSV, IMAGES};
use convscope::data::npz::{self, Form, NPZ, SaveOptions};
use convscope::data::{
    AugmentSettings, Augmentation, Dataset, ImageOptions, Limits, LoadOptions, Located, Progress,
    locate,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use image::{Rgb, RgbImage};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use tempfile::TempDir;

/// Seconds of several rounds.
struct Times(Vec<f64>);

impl Times {
    fn of(runs: usize, mut work: impl FnMut()) -> Self {
        let run = |_| {
            let started = Instant::now();
            work();
            started.elapsed().as_secs_f64()
        };
        let mut times: Vec<f64> = (0..runs).map(run).collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    fn least(&self) -> f64 {
        self.0[0]
    }

    fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    fn print(&self, what: &str) {
        let (least, median) = (self.least(), self.median());
        println!("{what:46} {least:8.3} s {median:8.3} s");
    }
}

fn main() {
    // `cargo bench` itself gives --bench.
    let parts: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|other| other == part);
    let located = locate(Some("fashion-mnist")).expect("the starter set is always there");
    if let Located::Starter(..) = located {
        println!("full Fashion-MNIST not found on this machine; using its starter set");
    }
    let load = || located.load(&Limits::default()).expect("it can be read");
    println!("{:46} {:>10} {:>10}", "", "minimum", "median");
    let set = load();
    if wanted("idx") {
        Times::of(7, || first_picture(&load())).print("gzipped IDX to first image");
    }
    let folder = TempDir::new().expect("there is room for files");
    if wanted("npz") {
        against_numpy(&set, folder.path(), Form::Seed, "float32");
        against_numpy(&set, folder.path(), Form::Keras, "uint8");
    }
    if wanted("csv") {
        against_pandas(&set, folder.path());
    }
    if wanted("cifar") {
        against_zlib(folder.path());
    }
    if wanted("augment") {
        augment(&set, folder.path());
    }
    if wanted("digits") {
        let settings = DigitSettings::default();
        let times = Times::of(3, || {
            let made = digits::make(&settings, &Progress::silent());
            first_picture(&made.expect("the defaults are legal"));
        });
        times.print("70,000 synthetic digits drawn");
    }
    if wanted("pictures") {
        pictures(&folder.path().join("pictures"));
    }
    if wanted("batch") {
        batches(&set);
    }
}

/// What the screen needs before it can show a set.
fn first_picture(set: &Dataset) {
    black_box(set.summary());
    black_box(set.train().image_u8(0));
}

fn against_numpy(set: &Dataset, folder: &Path, form: Form, pixels: &str) {
    let path = folder.join("set.npz");
    let options = SaveOptions {
        form,
        packed: false,
    };
    npz::save(set, &path, options, &Progress::silent()).expect("there is room for it");
    let located = Located::At(&NPZ, path.clone());
    let work = "file = numpy.load(sys.argv[1])\n    held = [file[name] for name in file.files]";
    let (ours, theirs) = alternated(&located, python("numpy", work, &path));
    ours.print(&format!("stored {pixels} npz to first image"));
    compare(&ours, theirs, "numpy", "numpy.load");
}

/// 60,000 rows of 785 columns, as Kaggle's fashion-mnist_train.csv.
fn against_pandas(set: &Dataset, folder: &Path) {
    let path = folder.join("clothes.csv");
    let file = std::fs::File::create(&path).expect("there is room for files");
    let mut file = std::io::BufWriter::new(file);
    let split = set.train();
    let pixels = (1..=split.shape().len()).map(|pixel| format!(",pixel{pixel}"));
    let mut line = format!("label{}\n", pixels.collect::<String>());
    for row in 0..60_000 {
        file.write_all(line.as_bytes()).expect("there is room");
        let image = row % split.len();
        let values = split.image_u8(image).into_iter();
        let values = values.map(|value| format!(",{value}"));
        line = format!("{}{}\n", split.labels()[image], values.collect::<String>());
    }
    file.write_all(line.as_bytes()).expect("there is room");
    file.flush().expect("there is room");
    let bytes = path.metadata().map_or(0, |facts| facts.len());
    let located = Located::At(&CSV, path.clone());
    let work = "held = pandas.read_csv(sys.argv[1], engine='c')";
    let (ours, theirs) = alternated(&located, python("pandas", work, &path));
    ours.print(&format!("CSV of 60,000 rows, {} MB", bytes / 1_000_000));
    compare(&ours, theirs, "pandas", "pandas.read_csv");
}

/// An archive as that of CIFAR-10: 60,000 records of 32×32 in colour, which compress as little as photos do.
fn against_zlib(folder: &Path) {
    let path = folder.join("cifar-10-binary.tar.gz");
    let file = std::fs::File::create(&path).expect("there is room for files");
    let packed = GzEncoder::new(file, Compression::default());
    let mut archive = tar::Builder::new(packed);
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let names = (1..=5).map(|number| format!("data_batch_{number}.bin"));
    for name in names.chain(["test_batch.bin".to_owned()]) {
        let mut records = Vec::with_capacity(10_000 * 3073);
        for image in 0..10_000_u32 {
            records.push((image % 10) as u8);
            // A slope with noise of six bits.
            records.extend((0..3072).map(|value| (value / 24) as u8 + random.random::<u8>() / 4));
        }
        let mut header = tar::Header::new_ustar();
        header.set_size(records.len() as u64);
        let place = format!("cifar-10-batches-bin/{name}");
        let added = archive.append_data(&mut header, place, &records[..]);
        added.expect("there is room for files");
    }
    let packed = archive.into_inner().expect("there is room for files");
    packed.finish().expect("there is room for files");
    let located = Located::At(&CIFAR, path.clone());
    let work = "held = zlib.decompress(open(sys.argv[1], 'rb').read(), 31)";
    let (ours, theirs) = alternated(&located, python("zlib", work, &path));
    ours.print("CIFAR-10's archive to first image");
    compare(&ours, theirs, "zlib", "zlib.decompress alone");
}

/// One process for all rounds, which does `work` and tells its seconds for each line that it is sent.
fn python(package: &str, work: &str, path: &Path) -> Option<Child> {
    let script = format!(
        "import sys, time, {package}\n\
         for _ in sys.stdin:\n\
         \x20   started = time.perf_counter()\n\
         \x20   {work}\n\
         \x20   print(time.perf_counter() - started, flush=True)\n\
         \x20   held = None"
    );
    let child = Command::new("python3")
        .args(["-c", &script])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    child.ok()
}

/// Rounds of ours and theirs in turn, so that both meet the same load.
fn alternated(located: &Located, mut child: Option<Child>) -> (Times, Vec<f64>) {
    let mut theirs = Vec::new();
    let mut ours = Vec::new();
    for _ in 0..11 {
        let started = Instant::now();
        let read = located
            .load(&Limits::default())
            .expect("it was just written");
        first_picture(&read);
        ours.push(started.elapsed().as_secs_f64());
        drop(read);
        if let Some(child) = &mut child {
            theirs.extend(ask(child));
        }
    }
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    (Times(ours), theirs)
}

fn compare(ours: &Times, theirs: Vec<f64>, package: &str, call: &str) {
    if theirs.is_empty() {
        println!("python3 with {package} not found: no comparison");
        return;
    }
    let theirs = Times(theirs);
    theirs.print(&format!("the same file with {call}"));
    println!(
        "{package} takes {:.2} times as long",
        theirs.median() / ours.median()
    );
}

/// One load of the other program, in seconds.
fn ask(child: &mut Child) -> Option<f64> {
    writeln!(child.stdin.as_mut()?).ok()?;
    let mut answer = Vec::new();
    let stdout = child.stdout.as_mut()?;
    let mut byte = [0];
    while byte != *b"\n" {
        stdout.read_exact(&mut byte).ok()?;
        answer.push(byte[0]);
    }
    String::from_utf8_lossy(&answer).trim().parse().ok()
}

fn augment(set: &Dataset, folder: &Path) {
    let settings = AugmentedSettings {
        train_factor: 1,
        ..AugmentedSettings::default()
    };
    let path = folder.join("augmented.npz");
    for (what, form) in [
        ("70,000 images augmented into float32 npz", Form::Seed),
        ("70,000 images augmented into uint8 npz", Form::Keras),
    ] {
        let options = SaveOptions {
            form,
            packed: false,
        };
        let times = Times::of(3, || {
            augmented_set::write(set, &settings, &path, options, &Progress::silent())
                .expect("there is room for it");
        });
        times.print(what);
    }
}

/// 10,000 JPEG files of 160×120 pixels in ten classes, on all threads and on one.
fn pictures(folder: &Path) {
    for class in 0..10_u32 {
        let folder = folder.join(class.to_string());
        std::fs::create_dir_all(&folder).expect("there is room for folders");
        let picture = RgbImage::from_fn(160, 120, |x, y| {
            let wave =
                |pace: u32| (128.0 + 120.0 * ((x * pace + y * class) as f32 / 40.0).sin()) as u8;
            Rgb([wave(1), wave(3), (x * y + class) as u8])
        });
        let first = folder.join("0.jpg");
        picture.save(&first).expect("there is room for files");
        for number in 1..1000 {
            std::fs::copy(&first, folder.join(format!("{number}.jpg")))
                .expect("there is room for files");
        }
    }
    let load = |size| {
        let images = ImageOptions {
            size,
            ..ImageOptions::default()
        };
        let options = LoadOptions {
            images,
            ..LoadOptions::default()
        };
        let located = Located::At(&IMAGES, folder.to_owned());
        let set = located.load_with(&options, &Progress::silent());
        first_picture(&set.expect("they were just written"));
    };
    let scaled = Times::of(3, || load(Some((32, 32))));
    scaled.print("10,000 JPEG files scaled to 32×32");
    Times::of(3, || load(None)).print("10,000 JPEG files in their own size");
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a thread can be started");
    let alone = Times::of(3, || one.install(|| load(Some((32, 32)))));
    alone.print("scaled to 32×32, on one thread");
    println!(
        "{} threads are {:.2} times as fast as one",
        rayon::current_num_threads(),
        alone.least() / scaled.least()
    );
}

/// Batches as they are made while `fashion-slim-augmented` trains.
fn batches(set: &Dataset) {
    let settings = AugmentSettings {
        rotation: 12.0,
        shear: 7.0,
        width_shift: 0.075,
        height_shift: 0.075,
        horizontal_flip: true,
        ..AugmentSettings::default()
    };
    let shape = set.shape();
    let augmentation = Augmentation::new(settings, shape, 1).expect("the settings are legal");
    let indices: Vec<u32> = (0..128).collect();
    let mut images = vec![0.0; indices.len() * shape.len()];
    let times = Times::of(50, || {
        augmentation.gather(set.train(), 1, &indices, &mut images);
        black_box(&images);
    });
    times.print("a batch of 128, augmented");
}
