//! The drawing pad by its keys.

use convscope::lab::PaneId;
use convscope::panes::{KeepDrawing, Predict, ReadDrawings, SaveDrawing};
use convscope::shape::Shape;
use convscope::training::Preset;
use convscope::worker::Event;
use crossterm::event::{KeyCode, MouseButton, MouseEventKind};

use super::scene::Scene;
use super::snapshot;

/// A lab whose pad is open and empty.
fn pad(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    scene.keys("5d");
    assert!(is_on_pad(&scene));
    scene
}

fn is_on_pad(scene: &Scene) -> bool {
    scene.lab.pane == PaneId::Results && scene.results().pad.is_open
}

fn inked(scene: &Scene) -> usize {
    let pixels = scene.results().pad.canvas.pixels();
    pixels.iter().filter(|value| **value > 0).count()
}

fn value(scene: &Scene, row: usize, column: usize) -> u8 {
    scene.results().pad.canvas.pixels()[row * 28 + column]
}

/// The predictions that were asked for and not answered.
fn predictions(scene: &Scene) -> Vec<Predict> {
    scene.asked().into_iter().cloned().collect()
}

#[test]
fn the_pad_looks_as_before() {
    snapshot("pad_empty", pad);
    let drawn = |columns, rows| {
        let mut scene = pad(columns, rows);
        // A stroke down, a fainter one to the right.
        scene.keys("kkkkkkkk jjjjjjjjjjjj <<<< llllll ");
        scene.answer();
        scene
    };
    snapshot("pad_drawn", drawn);
    let centred = |columns, rows| {
        let mut scene = drawn(columns, rows);
        scene.keys("c");
        scene.answer();
        scene.keys("?");
        scene.key(KeyCode::Esc);
        scene
    };
    snapshot("pad_centred", centred);
}

/// What keys make of an empty pad, whose pen is at row 14, column 14.
#[test]
fn keys_draw() {
    type Check = fn(&Scene) -> bool;
    let table: &[(&str, Check)] = &[
        ("hhkkl", |scene| {
            scene.results().pad.cursor == (12, 13) && inked(scene) == 0
        }),
        ("g", |scene| scene.results().pad.cursor == (14, 0)),
        ("GG", |scene| scene.results().pad.cursor == (14, 27)),
        (" ", |scene| {
            scene.results().pad.is_pen_down() && value(scene, 14, 14) == 255
        }),
        (" lll", |scene| {
            value(scene, 14, 17) == 255 && value(scene, 14, 19) == 0
        }),
        (" l ll", |scene| {
            value(scene, 14, 15) == 255 && value(scene, 14, 17) == 0
        }),
        ("<< ", |scene| value(scene, 14, 14) == 175),
        ("<<> ", |scene| value(scene, 14, 14) == 215),
        (",,. ", |scene| value(scene, 14, 14) == 215),
        ("++ ", |scene| {
            scene.results().pad.tools.diameter() == 3.5 && value(scene, 15, 15) > 200
        }),
        ("-- ", |scene| {
            scene.results().pad.tools.diameter() == 1.0 && value(scene, 15, 15) == 0
        }),
        // A brush that changes while the pen is down changes what is drawn from here on.
        (" ll<l", |scene| {
            value(scene, 14, 14) == 255 && value(scene, 14, 17) == 215
        }),
        (" lll ehh h", |scene| value(scene, 14, 17) == 255),
        ("++ lll e hhh", |scene| value(scene, 14, 14) == 0),
        ("sllllls", |scene| {
            value(scene, 14, 14) == 255
                && value(scene, 14, 19) == 255
                && scene.results().pad.line_from.is_none()
        }),
        ("sll", |scene| {
            inked(scene) == 0 && scene.results().pad.line_from == Some((14, 14))
        }),
        ("f", |scene| inked(scene) == 28 * 28),
        ("<f", |scene| value(scene, 0, 0) == 215),
        (" ll u", |scene| {
            inked(scene) == 0 && !scene.results().pad.is_pen_down()
        }),
        (" llx", |scene| inked(scene) == 0),
        (" llxu", |scene| inked(scene) > 0),
        ("u", |scene| {
            let status = scene.lab.status.as_ref();
            status.is_some_and(|status| status.text == "Nothing to undo.")
        }),
        ("o", |scene| inked(scene) > 100),
        ("p", |scene| {
            let status = scene.lab.status.as_ref();
            status.is_some_and(|status| status.text.starts_with("p does nothing here"))
        }),
        ("z", |scene| !scene.lab.zoomed),
        ("6", |scene| {
            scene.lab.pane == PaneId::Activations && scene.results().pad.is_open
        }),
    ];
    for (keys, is_right) in table {
        let mut scene = pad(80, 24);
        scene.keys(keys);
        assert!(is_right(&scene), "{keys}: {:?}", scene.lab.status);
    }
}

#[test]
fn redo_brings_back_and_escape_leaves_the_drawing() {
    let mut scene = pad(80, 24);
    scene.keys(" ll u");
    scene.control('r');
    let drawn = inked(&scene);
    assert!(drawn > 0);
    scene.key(KeyCode::Esc);
    assert!(!is_on_pad(&scene) && scene.lab.pane == PaneId::Results);
    scene.keys("d");
    assert_eq!(inked(&scene), drawn);
}

#[test]
fn the_palette_opens_the_pad_from_any_pane() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("2:drawing pad");
    scene.key(KeyCode::Enter);
    assert!(is_on_pad(&scene));
}

#[test]
fn the_prediction_follows_every_stroke_and_the_latest_counts() {
    let mut scene = pad(80, 24);
    assert_eq!(predictions(&scene), []);
    scene.keys(" ");
    scene.keys("l");
    let requests = predictions(&scene);
    assert_eq!(requests.len(), 2);
    let latest = requests.last().unwrap().clone();
    assert_eq!(latest.image, scene.results().pad.canvas.pixels());
    assert_eq!(latest.weights.network, scene.lab.preset.network());
    assert_eq!(latest.dataset.as_deref(), Some("Fashion-MNIST starter"));
    assert!(!latest.centre, "clothes are not centred");
    scene.answer();
    assert_eq!(scene.results().pad.neighbours.len(), 6);
    let shown = scene.results().pad.shown().cloned().unwrap();
    assert_eq!(shown.seen.len(), latest.image.len());
    // Moving without ink asks nothing; taking the ink away leaves no prediction.
    scene.keys(" l");
    assert_eq!(predictions(&scene), []);
    scene.keys(" l ");
    let late = scene.take_asked::<Predict>();
    scene.keys("x");
    assert_eq!(scene.results().pad.shown(), None);
    // An answer that comes after the paper is blank is not shown.
    late.answer(shown);
    scene.tell(Event::Answered);
    assert_eq!(scene.results().pad.shown(), None);
}

#[test]
fn centring_is_asked_for_and_is_on_for_digits() {
    let mut scene = pad(80, 24);
    scene.keys(" c");
    assert!(predictions(&scene).last().unwrap().centre);

    let mut scene = Scene::start(80, 24);
    let mut summary = super::scene::summary();
    summary.class_names = (0..10).map(|digit| digit.to_string()).collect();
    scene.tell(Event::DataLoaded {
        summary,
        seconds: 0.1,
    });
    scene.keys("5d ");
    assert!(predictions(&scene).last().unwrap().centre);
}

#[test]
fn a_new_epoch_predicts_anew_and_untrained_networks_are_told() {
    let mut scene = pad(80, 24);
    scene.keys(" ll");
    scene.answer();
    assert!(scene.text().contains("untrained"), "{}", scene.text());
    let mut scene = Scene::training(80, 24);
    scene.keys("5d ll");
    scene.commands.clear();
    scene.epoch(1, 3);
    assert_eq!(predictions(&scene).len(), 1);
}

#[test]
fn the_canvas_has_the_networks_shape_and_colours() {
    let mut scene = Scene::loaded(80, 24);
    let text = "{name: small, input: [8, 6, 3], classes: 10, layers: [flatten, classify]}";
    scene.lab.preset = Preset::parse(text, "test").unwrap();
    scene.keys("5d");
    assert_eq!(scene.results().pad.canvas.shape(), Shape::new(8, 6, 3));
    scene.keys("p ");
    let (row, column) = scene.results().pad.cursor;
    let at = (row * 6 + column) * 3;
    assert_eq!(scene.results().pad.canvas.pixels()[at..at + 3], [255, 0, 0]);
    let request = predictions(&scene).pop().unwrap();
    assert_eq!(request.dataset, None, "the set's images have another shape");
    scene.keys("o");
    let status = scene.lab.status.clone().unwrap();
    assert!(status.text.contains("shows no 8×6×3 image"), "{status:?}");
}

#[test]
fn a_loaded_image_that_is_dark_on_bright_says_what_helps() {
    let mut scene = pad(80, 24);
    let shape = Shape::new(28, 28, 1);
    let mut ink = vec![0; shape.len()];
    ink[10 * 28 + 5..10 * 28 + 20].fill(240);
    let page = scene.lab.browsed.as_mut().unwrap();
    let mut image = page.images[0].clone();
    image.pixels = ink.iter().map(|value| 255 - value).collect();
    (page.images, page.cursor) = (std::sync::Arc::new(vec![image]), 0);
    scene.keys("o");
    assert!(
        scene
            .said()
            .ends_with("It is dark on bright; i inverts it."),
        "{}",
        scene.said()
    );
    let loaded = scene.results().pad.canvas.pixels().to_vec();
    assert_eq!(loaded[0], 255, "as it was");
    scene.keys("i");
    let inverted = scene.results().pad.canvas.pixels().to_vec();
    assert_eq!(inverted[0], 0);
    assert!(inverted[10 * 28 + 7] > 200, "{inverted:?}");
    scene.keys("u");
    assert_eq!(scene.results().pad.canvas.pixels(), loaded);
}

#[test]
fn the_drawing_is_pinned_as_the_network_sees_it() {
    let mut scene = pad(80, 24);
    scene.keys("a");
    assert!(
        scene.said().contains("nothing is drawn yet"),
        "{}",
        scene.said()
    );
    scene.keys(" ll");
    scene.answer();
    let seen = scene.results().pad.shown().unwrap().seen.clone();
    scene.keys("a");
    assert_eq!(scene.lab.pane, PaneId::Activations);
    let subject = scene.lab.subject().unwrap();
    assert_eq!(
        subject,
        convscope::worker::Subject::Drawing { pixels: seen }
    );
    scene.answer();
    assert!(
        scene.text().contains("pinned · drawing"),
        "{}",
        scene.text()
    );
}

/// The cell of the screen that shows a pixel: touching it inks that pixel.
fn cell_of(columns: u16, rows: u16, wanted: (usize, usize)) -> (u16, u16) {
    let is_it = |(column, row): &(u16, u16)| {
        let mut scene = pad(columns, rows);
        scene.mouse_event(MouseEventKind::Down(MouseButton::Left), *column, *row);
        scene.lab.pane == convscope::lab::PaneId::Results
            && inked(&scene) > 0
            && scene.results().pad.cursor == wanted
    };
    (0..columns)
        .flat_map(|column| (2..rows - 2).map(move |row| (column, row)))
        .find(is_it)
        .unwrap()
}

#[test]
fn the_mouse_draws_where_it_is_dragged_and_can_be_switched_off() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut scene = pad(columns, rows);
        let (from, to) = (
            cell_of(columns, rows, (4, 4)),
            cell_of(columns, rows, (4, 20)),
        );
        assert_eq!(from.1, to.1, "one line of the screen");
        let drag = |scene: &mut Scene| {
            let left = MouseButton::Left;
            scene.mouse_event(MouseEventKind::Down(left), from.0, from.1);
            scene.mouse_event(MouseEventKind::Drag(left), to.0, to.1);
            scene.mouse_event(MouseEventKind::Up(left), to.0, to.1);
        };
        drag(&mut scene);
        let line: Vec<u8> = (4..=20).map(|column| value(&scene, 4, column)).collect();
        assert_eq!(line, [255; 17]);
        assert!(!scene.results().pad.is_pen_down());
        assert!(
            predictions(&scene).len() >= 2,
            "each movement is a stroke to classify"
        );
        // One stroke, one step of undo.
        scene.keys("u");
        assert_eq!(inked(&scene), 0);
        // Beside the paper nothing happens, nor with the mouse switched off, nor elsewhere.
        scene.mouse_event(MouseEventKind::Down(MouseButton::Left), columns - 1, 5);
        assert_eq!(inked(&scene), 0);
        scene.keys("M");
        assert!(!scene.wants_mouse());
        drag(&mut scene);
        assert_eq!(inked(&scene), 0);
        scene.keys("M");
        assert!(scene.wants_mouse());
    }
}

#[test]
fn tabs_and_the_key_line_can_be_clicked_beside_the_pad() {
    for (columns, rows) in [(60, 20), (80, 24), (160, 50)] {
        let clicked = |word: &str, row: u16| {
            let mut scene = pad(columns, rows);
            scene.keys(" ll ");
            let text = scene.text();
            let rows: Vec<&str> = text.lines().collect();
            let last = rows.len() - 1;
            let wanted = if row == 0 { 0..=0 } else { last - 1..=last };
            let found = wanted
                .rev()
                .find_map(|row| Some((rows[row].find(word)?, row)));
            let (at, row) = found.unwrap();
            let column = rows[row][..at].chars().count() as u16;
            let row = row as u16;
            scene.mouse_event(MouseEventKind::Down(MouseButton::Left), column, row);
            scene
        };
        let mut before = pad(columns, rows);
        before.keys(" ll ");
        if columns > 100 {
            // The arrows each do something else, so a click on their hint does nothing.
            let clicked = clicked("move ", rows - 1);
            assert_eq!(inked(&clicked), inked(&before));
            assert!(clicked.lab.overlay.is_none(), "{columns}");
        }
        assert!(inked(&clicked("undo", rows - 1)) < inked(&before));
        assert!(clicked("help", rows - 1).lab.overlay.is_some(), "{columns}");
        let network = clicked("3", 0);
        assert_eq!(network.lab.pane, convscope::lab::PaneId::Network);
        // Right of the tabs stands how the run is.
        let mut scene = pad(columns, rows);
        scene.mouse_event(MouseEventKind::Down(MouseButton::Left), columns - 2, 0);
        assert_eq!(scene.lab.pane, convscope::lab::PaneId::Results);
    }
}

#[test]
fn drawings_are_kept_with_a_class_and_evaluated() {
    let mut scene = pad(80, 24);
    scene.keys(" ll ");
    scene.answer();
    scene.keys("t");
    assert!(
        scene.text().contains("Keep the drawing as"),
        "{}",
        scene.text()
    );
    scene.keys("coat");
    scene.key(KeyCode::Enter);
    let kept = scene.asked::<KeepDrawing>()[0].clone();
    assert_eq!((kept.class, kept.class_names.len()), (4, 10));
    assert_eq!(
        kept.drawing.pixels,
        scene.results().pad.shown().unwrap().seen.clone()
    );
    scene.answer();
    assert!(
        scene
            .said()
            .starts_with("Kept as “Coat”: 4 drawings in all, in /"),
        "{}",
        scene.said()
    );
    scene.keys("v");
    scene.answer();
    assert!(scene.text().contains("3 of 4 right"), "{}", scene.text());
    // Another kept drawing, or a new epoch, asks again; nothing else does.
    scene.keys("l");
    let asks = |scene: &Scene| scene.asked::<ReadDrawings>().len();
    assert_eq!(asks(&scene), 0);
    scene.keys("t");
    scene.key(KeyCode::Enter);
    scene.answer();
    assert_eq!(scene.results().pad.kept.answer().unwrap().images.len(), 4);
    snapshot("pad_kept", |columns, rows| {
        let mut scene = pad(columns, rows);
        scene.keys(" ll v");
        scene.answer();
        scene
    });
}

#[test]
fn a_drawing_is_written_as_a_picture() {
    let mut scene = pad(80, 24);
    scene.keys("w");
    assert!(
        scene.said().contains("nothing is drawn yet"),
        "{}",
        scene.said()
    );
    scene.keys(" ll w");
    let SaveDrawing(saved) = scene.asked()[0];
    assert_eq!(saved.pixels, scene.results().pad.canvas.pixels());
}

#[test]
fn a_change_of_the_weights_by_hand_has_all_drawings_read_anew() {
    let mut scene = Scene::finished(80, 24);
    scene.keys("5d  v");
    scene.answer();
    scene.commands.clear();
    let in_use = scene.lab.run.as_ref().unwrap().in_use.clone();
    scene.tell(Event::Changed {
        run: 1,
        epoch: 11,
        change: "weights of epoch 4".to_owned(),
        in_use,
        name: "fashion-bn4".to_owned(),
    });
    assert_eq!(predictions(&scene).len(), 1);
    assert_eq!(scene.asked::<ReadDrawings>().len(), 1);
}
