//! Looking into a layer by keys: the pinned image, one map, its sum, what excites it, the epochs, the network's health.

use convscope::data::SplitName;
use convscope::lab::PaneId;
use convscope::panes::{Depth, Explain, HealthOf, Maps, OriginOf, Quantity};
use convscope::worker::{Event, Question, Subject};
use crossterm::event::KeyCode;

use super::scene::{Scene, feature_maps, progress};
use super::snapshot;

/// A trained network's activations.
fn maps(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    scene.keys("6");
    scene.answer();
    scene
}

fn of_set(dataset: &str, split: SplitName, index: usize) -> Subject {
    Subject::OfSet {
        dataset: dataset.to_owned(),
        split,
        index,
    }
}

fn last<Q: Question>(scene: &Scene) -> Q {
    scene.asked().pop().cloned().expect("it was asked")
}

#[test]
fn every_depth_looks_as_before() {
    let at = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = maps(columns, rows);
            for key in keys.chars() {
                match key {
                    '\n' => scene.key(KeyCode::Enter),
                    key => scene.keys(&key.to_string()),
                }
                scene.answer();
            }
            scene.key(KeyCode::F(12));
            scene.lab.status = None;
            scene
        }
    };
    snapshot("inside_map", at("lL\njl"));
    snapshot("inside_products", at("ll\n\nj"));
    snapshot("inside_exciting", at("\nx"));
    snapshot("inside_dense", at("Ghj"));
    snapshot("inside_health", at("i"));
    snapshot("inside_health_gradients", at("ijjjll"));
    snapshot("explain_settings", at("wwe"));
}

#[test]
fn enter_goes_in_and_escape_out_a_step_at_a_time() {
    let mut scene = maps(80, 24);
    let depths = [Depth::Map, Depth::Products];
    for depth in depths {
        scene.key(KeyCode::Enter);
        scene.answer();
        assert_eq!(scene.activations().depth, depth);
    }
    scene.key(KeyCode::Enter);
    assert!(scene.said().contains("does nothing here"));
    for depth in [Depth::Map, Depth::Maps] {
        scene.key(KeyCode::Esc);
        assert_eq!(scene.activations().depth, depth);
    }
    scene.key(KeyCode::Esc);
    assert!(scene.said().contains("Nothing to close"));
    // From another layer one starts outside again.
    scene.key(KeyCode::Enter);
    scene.key(KeyCode::Esc);
    scene.keys("l");
    assert_eq!(
        (scene.activations().layer, scene.activations().depth),
        (1, Depth::Maps)
    );
}

#[test]
fn a_value_under_the_cursor_is_followed_back() {
    let mut scene = maps(80, 24);
    scene.keys("L");
    scene.key(KeyCode::Enter);
    scene.answer();
    scene.keys("jl");
    let first = scene.activations().place;
    let request = last::<OriginOf>(&scene);
    assert_eq!(
        (
            request.place.row,
            request.place.column,
            request.place.channel
        ),
        (first.0, first.1, 1)
    );
    scene.answer();
    assert!(scene.text().contains("27 products"), "{}", scene.text());
    // The next map at the same place.
    scene.keys("L");
    let request = last::<OriginOf>(&scene);
    assert_eq!((request.place.row, request.place.channel), (first.0, 2));
    scene.keys("HHH");
    assert_eq!(scene.said(), "This is the first map.");
}

#[test]
fn a_pinned_image_survives_panes_sets_and_trainings() {
    let mut scene = maps(80, 24);
    scene.keys("rp");
    scene.answer();
    let index = scene.lab.looked.image;
    let pinned = of_set("Fashion-MNIST starter", SplitName::Test, index);
    assert_eq!(scene.lab.subject(), Some(pinned.clone()));
    assert!(
        scene.text().contains("pinned · test image"),
        "{}",
        scene.text()
    );

    let mut other = super::scene::summary();
    other.name = "another".to_owned();
    scene.keys("1");
    scene.tell(Event::DataLoaded {
        summary: other,
        seconds: 0.1,
    });
    assert_eq!(scene.lab.chosen_set().unwrap().name, "another");
    scene.answer();
    scene.keys("4 ");
    scene.answer();
    scene.keys("6");
    scene.answer();
    assert_eq!(scene.lab.subject(), Some(pinned));
    scene.keys("p");
    let request = last::<Maps>(&scene);
    assert_eq!(request.look.subject, of_set("another", SplitName::Test, 0));
    assert_eq!(scene.lab.looked.pin, None);
}

#[test]
fn live_maps_follow_one_another_only_while_the_pane_is_shown() {
    let mut scene = Scene::training(80, 24);
    scene.keys("6");
    let first = last::<Maps>(&scene);
    assert!(!first.waits, "the first is shown at once");
    scene.answer();
    assert!(
        scene.asked::<Maps>().is_empty(),
        "those that wait are not answered by the scene"
    );
    // The answer asks for the next, which may wait.
    scene.keys("l");
    let request = last::<Maps>(&scene);
    assert!(!request.waits);
    scene.answer();
    scene.keys("5");
    scene.commands.clear();
    scene.epoch(1, 3);
    assert!(scene.asked::<Maps>().is_empty());
}

#[test]
fn maps_are_asked_for_only_while_looked_at_and_after_each_epoch() {
    let mut scene = Scene::training(80, 24);
    scene.epoch(1, 3);
    assert!(scene.asked::<Maps>().is_empty());
    scene.keys("6");
    let first = scene.take_asked::<Maps>();
    scene.tell(Event::Batch(progress(1, 4, 3)));
    assert!(scene.asked::<Maps>().is_empty());
    scene.epoch(1, 4);
    let second = scene.take_asked::<Maps>();
    first.answer(feature_maps(&first.question, 3));
    scene.tell(Event::Answered);
    assert!(scene.activations().maps.answer().is_none());
    second.answer(feature_maps(&second.question, 4));
    scene.tell(Event::Answered);
    assert!(scene.activations().maps.answer().is_some());
    // While it trains each answer asks for the next, which may wait for its turn.
    let third = scene.take_asked::<Maps>();
    let waits = [first, second, third].map(|pending| pending.question.waits);
    assert_eq!(waits, [false, true, true]);

    let before = scene.activations().map;
    scene.keys("j");
    assert!(scene.activations().map > before && scene.asked::<Maps>().is_empty());
    scene.keys("l");
    assert_eq!(last::<Maps>(&scene).look.layer, 1);
    let pane = scene.activations();
    assert_eq!((pane.layer, pane.map, pane.first_map), (1, 0, 0));
}

#[test]
fn a_change_by_hand_is_looked_at_anew() {
    let mut scene = maps(80, 24);
    scene.commands.clear();
    let in_use = scene.lab.run.as_ref().unwrap().in_use.clone();
    scene.tell(Event::Changed {
        run: 1,
        epoch: 11,
        change: "weights of epoch 4".to_owned(),
        in_use,
        name: "fashion-bn4".to_owned(),
    });
    let looks = scene.asked::<Maps>();
    assert!(matches!(looks[..], [maps] if !maps.waits), "{looks:?}");
}

#[test]
fn a_random_image_lies_in_its_split() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("6");
    let images: Vec<usize> = (0..20)
        .map(|_| {
            scene.keys("r");
            scene.lab.looked.image
        })
        .collect();
    let count = scene.lab.chosen_set().unwrap().test_len();
    assert!(images.iter().all(|image| *image < count));
    assert!(images.windows(2).any(|pair| pair[0] != pair[1]));
}

#[test]
fn the_slider_goes_through_the_epochs_that_were_kept() {
    let mut scene = maps(80, 24);
    scene.keys("<");
    assert_eq!(last::<Maps>(&scene).look.weights.epoch, Some(9));
    scene.answer();
    assert!(
        scene.text().contains("epoch 9/10, > later"),
        "{}",
        scene.text()
    );
    scene.keys("v");
    assert!(
        scene.text().contains("epoch 9/10 · one range"),
        "{}",
        scene.text()
    );
    for _ in 0..9 {
        scene.keys(",");
    }
    assert_eq!(scene.activations().epoch, Some(0));
    scene.keys(",");
    assert_eq!(scene.said(), "These are the starting weights.");
    for _ in 0..10 {
        scene.keys(".");
    }
    assert_eq!(scene.activations().epoch, None);
    let mut scene = Scene::loaded(80, 24);
    scene.keys("6<");
    assert!(
        scene.said().contains("has no run folder"),
        "{}",
        scene.said()
    );
}

#[test]
fn health_is_asked_for_once_an_epoch() {
    let mut scene = Scene::training(80, 24);
    scene.keys("6i");
    assert_eq!(last::<HealthOf>(&scene).epochs, [0, 1, 2]);
    scene.answer();
    assert!(scene.asked::<HealthOf>().is_empty());
    scene.epoch(1, 3);
    assert_eq!(last::<HealthOf>(&scene).epochs, [3]);
    scene.answer();
    assert!(
        scene.text().contains("Health after epoch 3"),
        "{}",
        scene.text()
    );
    assert!(scene.text().contains("18 % of its filters never fire"));
    scene.keys("jl");
    assert_eq!(
        (
            scene.activations().health.layer,
            scene.activations().health.quantity
        ),
        (1, Quantity::Values)
    );
    scene.key(KeyCode::Enter);
    assert_eq!(
        (
            scene.activations().layer,
            scene.activations().health.is_open
        ),
        (1, false)
    );
    assert_eq!(scene.lab.pane, PaneId::Activations);
}

#[test]
fn settings_of_a_method_are_changed_in_a_form() {
    let mut scene = maps(80, 24);
    scene.keys("e");
    assert!(
        scene.said().contains("press w to select"),
        "{}",
        scene.said()
    );
    scene.keys("wwwwwe");
    scene.keys("7");
    scene.key(KeyCode::Enter);
    let values = |scene: &Scene| scene.activations().why.current().unwrap().to_line();
    assert_eq!(values(&scene), "smooth_grad: {samples: 7}");
    let explain = last::<Explain>(&scene).method.to_line();
    assert_eq!(explain, "smooth_grad: {samples: 7}");
    // What is not legal is not taken, and says why.
    scene.keys("e");
    scene.keys("0");
    scene.key(KeyCode::Enter);
    assert!(scene.lab.overlay.is_some());
    scene.key(KeyCode::Esc);
    assert_eq!(values(&scene), "smooth_grad: {samples: 7}");
}

#[test]
fn the_two_colours_of_an_explanation_have_a_legend_at_every_size() {
    for (columns, rows) in [(80, 24), (100, 30), (160, 50)] {
        let mut scene = maps(columns, rows);
        assert!(!scene.text().contains("against"));
        scene.keys("w");
        scene.answer();
        let text = scene.text();
        assert!(
            text.contains("■ for ") && text.contains("■ against"),
            "{text}"
        );
    }
}

#[test]
fn a_probability_is_followed_from_its_sum_through_softmax() {
    for size in [(80, 24), (160, 50)] {
        let mut scene = maps(size.0, size.1);
        scene.keys("G");
        scene.answer();
        let text = scene.text();
        let numbers = text
            .lines()
            .find(|line| line.contains(" 7 ") && line.contains(" 9 "));
        assert!(numbers.is_some(), "each bar has its class: {text}");
        scene.key(KeyCode::Enter);
        scene.answer();
        let text = scene.text();
        assert!(text.contains("probability of T-shirt/top: "), "{text}");
        assert!(
            text.contains("27 products 0.3510 + bias -0.2500 = 0.1010"),
            "{text}"
        );
        scene.key(KeyCode::Enter);
        scene.answer();
        assert!(
            scene.text().contains("→ softmax 0.82000."),
            "{}",
            scene.text()
        );
    }
}
