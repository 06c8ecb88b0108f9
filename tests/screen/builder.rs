//! Networks built by keys.

use convscope::network::NetworkSummary;
use convscope::panes::NetworkText;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use super::scene::Scene;
use super::snapshot;

/// Adds a layer by its letter, and types its first fields.
fn add(scene: &mut Scene, letter: &str, fields: &[&str]) {
    scene.keys("a");
    scene.keys(letter);
    for field in fields {
        scene.keys(field);
        scene.key(KeyCode::Tab);
    }
    if scene.lab.overlay.is_some() {
        scene.key(KeyCode::Enter);
    }
}

/// The seed GUI's walk-through network.
fn walk_through(scene: &mut Scene) {
    scene.keys("3n");
    let convolutions = [
        ["16", "2", "1"],
        ["128", "3", "2"],
        ["128", "3", "2"],
        ["128", "3", "2"],
    ];
    for fields in convolutions {
        add(scene, "c", &fields);
        add(scene, "b", &[]);
        add(scene, "r", &[]);
    }
    add(scene, "f", &[]);
    add(scene, "e", &["128", "r"]);
    add(scene, "i", &[]);
}

#[test]
fn the_walk_through_network_is_built_by_keys_alone() {
    let mut scene = Scene::loaded(80, 24);
    walk_through(&mut scene);
    assert_eq!(scene.lab.summary.parameters, 578_970, "{}", scene.text());
    assert_eq!(scene.lab.summary.problem, None);
    assert!(scene.text().contains("578,970"), "{}", scene.text());
    scene.keys("4 ");
    scene.answer();
    assert!(scene.lab.active_run().is_some());
}

#[test]
fn what_does_not_fit_is_marked_mended_and_not_trained() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("3n");
    add(&mut scene, "c", &["8"]);
    add(&mut scene, "e", &["32"]);
    let text = scene.text();
    assert!(text.contains("press f to insert flatten"), "{text}");
    let problem = scene.lab.summary.problem.clone();
    scene.keys("4 ");
    let said = "Space (start): layer 2, dense: needs flat input, got 28×28×8; press f on the Network pane to insert flatten before dense";
    assert_eq!(scene.said(), said);
    assert!(scene.lab.active_run().is_none());
    scene.keys("3ff");
    assert_eq!(scene.lab.summary.problem, None, "{}", scene.text());
    scene.keys("uu");
    assert_eq!(scene.lab.summary.problem, problem);
}

#[test]
fn the_text_is_edited_with_keys() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("3t");
    // The cursor stands on the first layer; a new one goes above it, in line.
    scene.key(KeyCode::End);
    scene.key(KeyCode::Enter);
    scene.keys("- dropout: {rat: 0.5}");
    let text = scene.text();
    assert!(text.contains("unknown key `rat`"), "{text}");
    scene.control('s');
    assert!(scene.lab.overlay_of::<NetworkText>().is_some());
    scene.control('u');
    for _ in 0..5 {
        scene.key(KeyCode::Backspace);
    }
    scene.keys("e: 0.5}");
    let text = scene.text();
    assert!(!text.contains("unknown key"), "{text}");
    scene.control('s');
    assert!(scene.lab.overlay.is_none(), "{}", scene.text());
    assert_eq!(scene.lab.preset.layers[1].kind().name, "dropout");
    scene.keys("u");
    assert_eq!(scene.lab.preset.layers[1].kind().name, "batch_norm");
}

#[test]
fn presets_of_ones_own_are_chosen_and_saved() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("3p");
    scene.answer();
    scene.keys("tiny");
    assert!(scene.text().contains("7,850"), "{}", scene.text());
    scene.key(KeyCode::Enter);
    assert_eq!(
        (scene.lab.preset.name.as_str(), scene.lab.preset.seed),
        ("tiny", 4)
    );
    scene.keys("s");
    scene.answer();
    scene.key(KeyCode::End);
    scene.keys("er");
    scene.key(KeyCode::Enter);
    scene.answer();
    assert!(
        scene.said().starts_with("Saved as tinyer in "),
        "{}",
        scene.said()
    );
    assert_eq!(scene.lab.preset.name, "tinyer");
}

#[test]
fn screens_of_the_builder() {
    let opened = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = Scene::loaded(columns, rows);
            scene.keys(keys);
            scene
        }
    };
    snapshot("layer_palette", opened("3a"));
    snapshot("layer_palette_search", opened("3a/pool"));
    let form = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("3");
        scene.answer();
        // From here on an epoch is estimated by what was measured.
        scene.keys("e3");
        scene
    };
    snapshot("layer_form", form);
    snapshot("layer_form_refused", opened("3e99999"));
    snapshot("new_network", opened("3n"));
    let misfit = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("3n");
        add(&mut scene, "c", &["8"]);
        add(&mut scene, "e", &["32"]);
        add(&mut scene, "i", &[]);
        scene
    };
    snapshot("network_misfit", misfit);
    snapshot("save_as", opened("3s"));
    snapshot("network_text", opened("3t"));
    let picture = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("3jjj");
        scene.key(KeyCode::Tab);
        scene
    };
    snapshot("network_picture", picture);
    let kept = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        // The third convolution, of another size.
        scene.keys("3jjjjjje");
        scene.key(KeyCode::Tab);
        scene.keys("5");
        scene.key(KeyCode::Enter);
        scene.answer();
        scene
    };
    snapshot("network_kept_weights", kept);
}

/// Keys that do something somewhere in the builder, and some that do not.
fn any_key() -> impl Strategy<Value = KeyEvent> {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let letters = "abcdefghiJKjklmnopRrstuyz/0123456789.- ";
    let letters: Vec<_> = letters.chars().map(KeyCode::Char).map(plain).collect();
    let codes = [
        KeyCode::Enter,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Backspace,
        KeyCode::Delete,
    ]
    .map(plain);
    let held = ['r', 's', 'u', 'h', 'w'];
    let held = held.map(|letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL));
    prop_oneof![
        4 => prop::sample::select(letters),
        3 => prop::sample::select(codes.to_vec()),
        1 => prop::sample::select(held.to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Nothing panics, the table is always the network's, and undo of everything returns to the start.
    #[test]
    fn any_keys_can_be_undone(keys in prop::collection::vec(any_key(), 0..160)) {
        let mut scene = Scene::loaded(80, 24);
        scene.keys("3");
        let start = scene.lab.preset.clone();
        for key in keys {
            if key.code == KeyCode::Char('q') {
                continue;
            }
            scene.press(key);
            scene.answer();
            // Space may start a training, and Enter may lead to another pane; that is no edit.
            prop_assert_eq!(
                &scene.lab.summary,
                &NetworkSummary::new(&scene.lab.preset.network())
            );
            let _ = scene.buffer(convscope::ui::theme::ColorDepth::TrueColor);
        }
        for _ in 0..3 {
            scene.key(KeyCode::Esc);
            // A text that was changed is not forgotten without a question.
            let text = scene.lab.overlay_of::<NetworkText>();
            if text.is_some_and(|text| text.asks) {
                scene.keys("y");
            }
        }
        scene.keys("3");
        let mut steps = 0;
        while scene.lab.history.undo_name().is_some() {
            scene.keys("u");
            steps += 1;
            prop_assert!(steps < 1000);
        }
        prop_assert_eq!(scene.lab.preset.network(), start.network());
        while scene.lab.history.redo_name().is_some() {
            scene.control('r');
        }
        prop_assert_eq!(
            &scene.lab.summary,
            &NetworkSummary::new(&scene.lab.preset.network())
        );
    }
}

#[test]
fn an_edited_network_or_recipe_is_called_so_until_it_is_as_it_was() {
    let edited = "fashion-bn4, edited";
    let mut scene = Scene::loaded(80, 24);
    let described = "batch norm, and a dense layer";
    for pane in ["3", "4", "3"] {
        scene.keys(pane);
        assert!(!scene.text().contains("edited"), "{}", scene.text());
    }
    assert!(scene.text().contains(described), "{}", scene.text());
    scene.keys("d");
    let text = scene.text();
    // In the pane's title and in the line below it.
    assert_eq!(text.matches(edited).count(), 2, "{text}");
    assert!(
        !text.contains(described) && !text.contains("published"),
        "{text}"
    );
    scene.keys("t");
    assert!(
        scene.text().contains("fashion-bn4, edited as text"),
        "{}",
        scene.text()
    );
    scene.key(KeyCode::Esc);
    scene.keys("u");
    let text = scene.text();
    assert!(
        !text.contains("edited") && text.contains(described),
        "{text}"
    );

    // While a layer's form is open, its network has the name that it would have.
    scene.keys("e");
    scene.keys("7");
    let title = "fashion-bn4, edited · input";
    assert!(scene.text().contains(title), "{}", scene.text());
    scene.key(KeyCode::Esc);
    assert!(!scene.text().contains("edited"), "{}", scene.text());

    let epochs = |scene: &mut Scene, digit: &str| {
        scene.keys("4e");
        scene.keys(digit);
        scene.key(KeyCode::Enter);
    };
    epochs(&mut scene, "3");
    assert_eq!(scene.lab.preset.training.epochs, 3);
    // In the pane's two parts and in the line below it.
    assert_eq!(scene.text().matches(edited).count(), 3, "{}", scene.text());
    epochs(&mut scene, "10");
    assert!(!scene.text().contains("edited"), "{}", scene.text());

    epochs(&mut scene, "3");
    scene.keys(" ");
    scene.answer();
    assert_eq!(scene.lab.run.as_ref().unwrap().facts.name, edited);
}
