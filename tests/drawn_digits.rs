//! Ten digits in three hands, drawn on the pad by keys: the keys give the pictures beside them, and a network trained on MNIST reads them.
//!
//! Reading them needs a run folder: `CONVSCOPE_RUN=runs/… cargo test --test drawn_digits -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use convscope::analysis::drawing::centred;
use convscope::data::save_png;
use convscope::network::{CheckedNetwork, Model};
use convscope::panes::ResultsPane;
use convscope::runs::RunFolder;
use convscope::screen::Interface;
use convscope::shape::Shape;
use convscope::training::Preset;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

const SHAPE: Shape = Shape::new(28, 28, 1);

/// A drawing by its keys.
struct Script {
    digit: usize,
    hand: String,
    keys: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drawn-digits")
}

fn scripts() -> Vec<Script> {
    let text = std::fs::read_to_string(folder().join("keys.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&str> = line.splitn(3, ' ').collect();
            Script {
                digit: parts[0].parse().unwrap(),
                hand: parts[1].to_owned(),
                keys: parts[2].replace('_', " "),
            }
        })
        .collect()
}

/// What the keys leave on an empty pad, through the same way as a person's.
fn draw(keys: &str) -> Vec<u8> {
    let preset = Preset::open("fashion-bn4").unwrap();
    let (mut interface, _) = Interface::new(None, preset, None);
    for key in "5d".chars().chain(keys.chars()) {
        interface.press(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
        let said = interface.lab.status.as_ref();
        let is_unknown = said.is_some_and(|said| said.text.contains("does nothing here"));
        assert!(!is_unknown, "{key:?}: {said:?}");
    }
    let pad = &interface.pane::<ResultsPane>().pad;
    assert!(!pad.is_pen_down(), "the last stroke ends");
    pad.canvas.pixels().to_vec()
}

#[test]
fn the_keys_draw_the_pictures() {
    let scripts = scripts();
    let mut hands: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for script in &scripts {
        hands.entry(script.digit).or_default().push(&script.hand);
        let path = folder().join(format!("{}-{}.png", script.digit, script.hand));
        let drawn = draw(&script.keys);
        if std::env::var_os("CONVSCOPE_REDRAW").is_some() {
            save_png(&path, &drawn, SHAPE).unwrap();
        }
        let picture = image::open(&path).unwrap().to_luma8();
        assert_eq!(picture.dimensions(), (28, 28));
        assert!(picture.into_raw() == drawn, "{}", path.display());
    }
    assert_eq!(hands.len(), 10);
    assert!(hands.values().all(|hands| hands.len() == 3), "{hands:?}");
}

#[test]
#[ignore = "needs a run of a network trained on MNIST, in CONVSCOPE_RUN"]
fn a_network_trained_on_mnist_reads_all_of_them() {
    let run = std::env::var("CONVSCOPE_RUN").expect("CONVSCOPE_RUN names a run folder");
    let folder = RunFolder::open(Path::new(&run)).unwrap();
    let preset = folder.record().unwrap().preset;
    assert_eq!(preset.input, SHAPE, "the network's input");
    let network = CheckedNetwork::new(&preset.network()).unwrap();
    let mut model = Model::new(Arc::new(network), preset.seed);
    let (weights, _) = folder.best_weights().unwrap();
    model.import(&weights).unwrap();
    let mut wrong = Vec::new();
    for script in scripts() {
        let seen = centred(&draw(&script.keys), SHAPE);
        let image: Vec<f32> = seen.iter().map(|value| f32::from(*value) / 255.0).collect();
        let probabilities = model.probabilities(&image);
        let ranked = probabilities.iter().enumerate();
        let (best, sure) = ranked
            .max_by(|one, other| one.1.total_cmp(other.1))
            .unwrap();
        let line = format!(
            "{} {}: read {best}, {:.1} %",
            script.digit,
            script.hand,
            100.0 * sure
        );
        println!("{line}");
        if best != script.digit {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
