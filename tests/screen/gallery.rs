//! Images behind the table of results, figures, and explanations, by their keys.

use convscope::analysis::{ConfusionTable, Gallery};
use convscope::lab::PaneId;
use convscope::panes::Explain;
use convscope::panes::Judge;
use convscope::training::Portion;
use crossterm::event::KeyCode;

use super::scene::Scene;
use super::snapshot;

/// A trained network's results, with the cursor on true class 1, predicted 1.
fn results(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    scene.keys("5");
    scene.answer();
    scene.keys("jl");
    scene
}

fn asked(scene: &Scene) -> Vec<&Judge> {
    scene.asked()
}

#[test]
fn galleries_look_as_before() {
    let opened = |columns, rows| {
        let mut scene = results(columns, rows);
        scene.key(KeyCode::Enter);
        scene.answer();
        scene.keys("l");
        scene
    };
    snapshot("gallery_cell", opened);
    let enlarged = |columns, rows| {
        let mut scene = opened(columns, rows);
        scene.key(KeyCode::Enter);
        scene
    };
    snapshot("gallery_enlarged", enlarged);
    let explained = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("6w");
        scene.answer();
        scene.key(KeyCode::Esc);
        scene
    };
    snapshot("explained", explained);
}

/// There 6 shows what the network makes of the image: chosen from the palette, the pane is shown and the image left alone.
#[test]
fn the_palette_does_what_is_chosen_whatever_its_key_does_here() {
    let gallery = || {
        let mut scene = results(80, 24);
        scene.key(KeyCode::Enter);
        scene.answer();
        scene.keys("l");
        scene
    };
    let mut pressed = gallery();
    let before = pressed.lab.looked.clone();
    let seen = |scene: &Scene| (scene.lab.looked.image, scene.lab.looked.pin.clone());
    pressed.keys("6");
    assert_ne!(seen(&pressed), (before.image, before.pin.clone()));
    let mut chosen = gallery();
    chosen.control('p');
    chosen.keys("the feature maps of every layer for an image");
    chosen.key(KeyCode::Enter);
    assert_eq!(chosen.lab.pane, PaneId::Activations);
    assert_eq!(seen(&chosen), (before.image, before.pin));
}

#[test]
fn enter_goes_in_and_escape_out_a_step_at_a_time() {
    let mut scene = results(80, 24);
    scene.key(KeyCode::Enter);
    let request = asked(&scene).pop().unwrap();
    let cell = Gallery::Cell {
        truth: 1,
        predicted: 1,
    };
    assert_eq!((request.gallery, request.from, request.run), (cell, 0, 1));
    scene.answer();
    scene.key(KeyCode::Enter);
    assert!(scene.results().gallery.is_enlarged);
    scene.key(KeyCode::Esc);
    assert!(!scene.results().gallery.is_enlarged && scene.results().is_in_gallery());
    scene.key(KeyCode::Esc);
    assert!(!scene.results().is_in_gallery() && scene.lab.pane == PaneId::Results);
    assert_eq!(scene.results().cell, (1, 1));
}

#[test]
fn pages_turn_and_the_image_leads_to_its_activations() {
    let mut scene = results(80, 24);
    scene.keys("e");
    scene.answer();
    let room = scene.results().gallery.room();
    scene.key(KeyCode::PageDown);
    let request = asked(&scene).pop().unwrap();
    assert_eq!(
        (request.gallery, request.from),
        (Gallery::ConfidentErrors, room)
    );
    scene.answer();
    scene.keys("la");
    assert_eq!(scene.lab.pane, PaneId::Activations);
    assert_eq!(scene.lab.looked.image, 7 * (room + 1));
}

#[test]
fn empty_cells_and_missing_weights_are_told() {
    let mut scene = results(80, 24);
    scene.keys("k");
    let table = scene.lab.run.as_ref().unwrap().confusion.clone().unwrap().1;
    assert_eq!(
        table.count(0, 1),
        0,
        "the scene's table has an empty cell here"
    );
    scene.key(KeyCode::Enter);
    assert!(!scene.results().is_in_gallery());
    let status = scene.lab.status.clone().unwrap();
    assert_eq!(
        status.text,
        "No image of class T-shirt/top was predicted as Trouser."
    );

    let mut scene = Scene::loaded(80, 24);
    scene.keys("5e");
    let status = scene.lab.status.clone().unwrap();
    assert_eq!(status.text, "e (errors): no network is trained yet");
}

#[test]
fn figures_come_when_the_training_has_ended_and_not_before() {
    let mut scene = Scene::training(80, 24);
    scene.keys("5");
    assert!(asked(&scene).is_empty());
    let scene = results(80, 24);
    let text = scene.text();
    assert!(text.contains("top-2"), "{text}");
    assert!(text.contains("calibration error"), "{text}");
    assert!(text.contains("accuracy 0.8500 ["), "{text}");
}

#[test]
fn explanations_go_round_and_ask_about_a_class() {
    let mut scene = Scene::finished(80, 24);
    scene.keys("6");
    scene.answer();
    scene.keys("n");
    let status = scene.lab.status.clone().unwrap();
    assert!(status.text.contains("press w first"), "{status:?}");
    let requests = |scene: &Scene| -> Vec<(String, Option<usize>)> {
        let asked = scene.asked::<Explain>().into_iter();
        asked
            .map(|asked| (asked.method.kind().name.to_owned(), asked.class))
            .collect()
    };
    scene.keys("w");
    assert_eq!(
        requests(&scene),
        [("integrated_gradients".to_owned(), None)]
    );
    scene.answer();
    assert!(
        scene.text().contains("integrated gradients: T-"),
        "{}",
        scene.text()
    );
    scene.keys("n");
    assert_eq!(
        requests(&scene),
        [("integrated_gradients".to_owned(), Some(1))]
    );
    scene.answer();
    scene.keys("NN");
    assert_eq!(requests(&scene).last().unwrap().1, Some(9));
    scene.answer();
    scene.keys("w");
    assert_eq!(requests(&scene), [("grad_cam".to_owned(), Some(9))]);
    scene.keys("wwww");
    assert_eq!(scene.activations().why.method, None);
}

#[test]
fn an_image_is_pinned_and_leads_to_its_activations_by_their_number() {
    let mut scene = results(80, 24);
    scene.keys("e");
    scene.answer();
    scene.keys("l");
    assert!(scene.text().contains("p pin"), "{}", scene.text());
    scene.keys("p");
    assert!(scene.text().contains("p unpin"), "{}", scene.text());
    let pin = scene.lab.looked.pin.clone().unwrap();
    assert_eq!(pin.name, "Fashion-MNIST starter test image 7");
    scene.keys("6");
    assert_eq!(scene.lab.pane, PaneId::Activations);
    assert_eq!(scene.lab.looked.pin, Some(pin), "it stays held");
    scene.keys("5p");
    assert_eq!(scene.lab.looked.pin, None);
    scene.keys("l6");
    assert_eq!(
        (scene.lab.pane, scene.lab.looked.image),
        (PaneId::Activations, 14)
    );
}

#[test]
fn images_of_another_set_than_the_chosen_one_are_held() {
    let mut scene = results(80, 24);
    let mut other = super::scene::summary();
    other.name = "another".to_owned();
    scene.tell(convscope::worker::Event::DataLoaded {
        summary: other,
        seconds: 0.1,
    });
    scene.keys("5e");
    scene.answer();
    scene.keys("la");
    let pin = scene.lab.looked.pin.clone().unwrap();
    assert_eq!(pin.name, "Fashion-MNIST starter test image 7");
    scene.answer();
    assert!(
        scene.text().contains("Fashion-MNIST starter"),
        "{}",
        scene.text()
    );
}

#[test]
fn classes_with_the_most_errors_come_first_and_the_cursor_follows_them() {
    let mut scene = results(80, 24);
    let mut table = ConfusionTable::new(10);
    for (truth, wrong) in (0..10).zip([0, 3, 1, 0, 9, 0, 0, 5, 0, 0]) {
        for image in 0..20 {
            table.add(
                truth,
                if image < wrong {
                    (truth + 1) % 10
                } else {
                    truth
                },
            );
        }
    }
    scene.tell(convscope::worker::Event::Confusion {
        run: 1,
        epoch: 10,
        table,
        measured_on: crate::scene::names("Fashion-MNIST starter"),
        portion: Portion::Test,
    });
    scene.keys("o");
    assert_eq!(
        scene.results().class_order(&scene.lab)[..5],
        [4, 7, 1, 2, 0]
    );
    assert_eq!(scene.results().cell, (4, 4), "the worst one is gone to");
    scene.keys("g");
    assert_eq!(scene.results().cell.0, 4);
    scene.keys("j");
    assert_eq!(scene.results().cell.0, 7);
    let text = scene.text();
    let line = |name: &str| text.lines().position(|line| line.contains(name)).unwrap();
    assert!(line("7 Sneaker") == line("4 Coat") + 1, "{text}");
}

#[test]
fn names_that_are_numbers_stand_once_and_calibration_has_bars() {
    let digits = |columns, rows| {
        let mut scene = results(columns, rows);
        let run = scene.lab.run.as_mut().unwrap();
        run.measured_on.class_names = (0..10).map(|digit| digit.to_string()).collect();
        scene.keys("b");
        scene
    };
    let text = digits(80, 24).text();
    assert!(!text.contains("0 0  "), "{text}");
    assert!(text.contains("Calibration"), "{text}");
    snapshot("results_digits", digits);
    snapshot("results_wide", |_, rows| results(160, rows));
}

#[test]
fn sentences_about_the_table_end_inside_their_panel() {
    for columns in [60, 80, 110, 140, 160, 200] {
        let mut scene = results(columns, 40);
        let run = scene.lab.run.as_mut().unwrap();
        run.facts.name = "a-network-with-a-very-long-name".to_owned();
        let text = scene.text();
        let words = text.split("Summary").nth(1).unwrap();
        let row = |start: &str| words.lines().find(|line| line.contains(start)).unwrap();
        // Each stands in its panel with a free column before the border: what is too long for it is left out, not cut.
        for start in ["accuracy 0.", "most often confused: "] {
            let inside = row(start).split('│').nth(1).unwrap();
            assert!(inside.ends_with(' '), "{columns}: {inside:?}");
        }
        let confused = row("most often confused: ").split('│').nth(1).unwrap();
        assert!(
            confused.trim_end().ends_with(')'),
            "{columns}: {confused:?}"
        );
    }
}

#[test]
fn captions_name_the_true_class_of_an_error() {
    let mut scene = results(80, 24);
    scene.keys("e");
    scene.answer();
    let text = scene.text();
    assert!(text.contains("✗ Shi→Coa 99 %"), "{text}");
    scene.key(KeyCode::Esc);
    scene.keys("s");
    scene.answer();
    let text = scene.text();
    let detail = "image 0 · label Shirt · predicted Coat (99.0 %) · cross-entropy 1.50";
    assert!(text.contains(detail), "{text}");
    // An enlarged image has no key that enlarges it.
    let line = |scene: &Scene| scene.text().lines().last().unwrap_or_default().to_owned();
    assert!(line(&scene).contains("Enter enlarge"), "{}", line(&scene));
    scene.key(KeyCode::Enter);
    assert!(!line(&scene).contains("enlarge"), "{}", line(&scene));
}
