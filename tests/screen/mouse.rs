//! The mouse on every pane and on what lies over them: what is drawn is clicked, whatever its place.

use convscope::lab::{PaneId, Part};
use convscope::overlays::List;
use convscope::panes::{DataPane, Depth, LayerDraft, Mode, NetworkText, RecipeDraft};
use crossterm::event::{KeyCode, MouseButton, MouseEventKind};

use super::SIZES;
use super::scene::Scene;

/// Clicks on the first letter of these words, at their last place on the screen: what lies over the panes is in the middle, and keys are below.
fn click(scene: &mut Scene, words: &str) {
    let (column, row) = place(scene, words);
    scene.mouse_event(MouseEventKind::Down(MouseButton::Left), column, row);
    scene.mouse_event(MouseEventKind::Up(MouseButton::Left), column, row);
}

fn place(scene: &Scene, words: &str) -> (u16, u16) {
    let text = scene.text();
    let lines: Vec<&str> = text.lines().collect();
    let found = lines.iter().enumerate().rev().find_map(|(row, line)| {
        let before = &line[..line.find(words)?];
        Some((before.chars().count() as u16, row as u16))
    });
    found.unwrap_or_else(|| panic!("no {words:?} in\n{text}"))
}

fn opened(keys: &str, (columns, rows): (u16, u16)) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    scene.keys(keys);
    scene.answer();
    scene
}

#[test]
fn tabs_and_keys_are_clicked_on_every_pane() {
    for size in SIZES {
        for pane in PaneId::ALL {
            let mut scene = opened("1", size);
            click_tab(&mut scene, *pane);
            assert_eq!(scene.lab.pane, *pane);
            click(&mut scene, "help");
            assert!(scene.lab.overlay_of::<List>().is_some(), "{pane:?}");
            // What it covers is not clicked through it.
            click_tab(&mut scene, PaneId::Data);
            assert_eq!(scene.lab.pane, *pane);
            click(&mut scene, "Esc close");
            assert!(scene.lab.overlay.is_none(), "{pane:?}");
        }
    }
}

fn click_tab(scene: &mut Scene, pane: PaneId) {
    let text = scene.text();
    let number = (pane as usize + 1).to_string();
    let column = text.lines().next().unwrap().find(&number).unwrap() as u16;
    scene.mouse_event(MouseEventKind::Down(MouseButton::Left), column, 0);
}

#[test]
fn a_click_puts_the_cursor_and_a_second_one_goes_in() {
    let left = MouseEventKind::Down(MouseButton::Left);
    for size in SIZES {
        // Classes and sets.
        let mut scene = opened("1", size);
        click(&mut scene, "Trouser");
        assert!(scene.lab.has_focus(Part::Classes));
        assert_eq!(scene.pane::<DataPane>().class, 1);
        assert_eq!(scene.lab.pane, PaneId::Data);
        click(&mut scene, "Trouser");
        assert_eq!(
            (scene.lab.pane, scene.view().class),
            (PaneId::View, Some(1))
        );

        // Images, and the pixels of one.
        let mut scene = opened("2", size);
        scene.keys("l");
        let label = scene.lab.class_name(scene.view().shown()[2].label.into());
        let before = scene.view().cursor;
        click(&mut scene, &label);
        let cursor = scene.view().cursor;
        assert_ne!(cursor, before);
        assert_eq!(scene.view().mode, Mode::Grid);
        click(&mut scene, &label);
        assert_eq!(scene.view().mode, Mode::Enlarged);
        scene.answer();
        let (column, row) = place(&scene, "▴");
        scene.mouse_event(MouseEventKind::Down(MouseButton::Left), column, row - 1);
        assert!(
            scene.view().pixel.0 > 24,
            "its cell shows the last rows of pixels"
        );

        // Layers.
        let mut scene = opened("3", size);
        let (column, row) = place(&scene, "batch_norm ");
        for pane in [PaneId::Network, PaneId::Activations] {
            scene.mouse_event(left, column, row);
            assert_eq!((scene.lab.cursors.layer, scene.lab.pane), (1, pane));
        }
        // The layers of the strip above the maps, and a map.
        scene.answer();
        click(&mut scene, " conv2d ");
        assert_eq!(scene.activations().layer, 0);
        scene.answer();
        let numbers = |line: &&str| line.contains(" 2 ") && line.contains(" 3 ");
        let text = scene.text();
        let row = 1 + text
            .lines()
            .skip(1)
            .position(|line| numbers(&line))
            .unwrap();
        let line = text.lines().nth(row).unwrap();
        let column = line[..line.find(" 3 ").unwrap()].chars().count() + 1;
        for depth in [Depth::Maps, Depth::Map] {
            scene.mouse_event(left, column as u16, row as u16);
            assert_eq!(
                (scene.activations().map, scene.activations().depth),
                (3, depth)
            );
        }

        // Cells of the confusion matrix, and classes.
        let mut scene = opened("5", size);
        let start = scene.results().cell;
        let (column, row) = (size.0 / 3, place(&scene, "Trouser").1);
        scene.mouse_event(left, column, row);
        let (truth, predicted) = scene.results().cell;
        assert!(
            (truth, predicted) != start && truth == 1,
            "{truth} {predicted}"
        );
        assert!(!scene.results().is_in_gallery());
        if scene
            .lab
            .run
            .as_ref()
            .unwrap()
            .confusion
            .as_ref()
            .unwrap()
            .1
            .count(truth, predicted)
            > 0
        {
            scene.mouse_event(left, column, row);
            assert!(scene.results().is_in_gallery());
        }
    }
}

#[test]
fn what_lies_over_the_panes_is_clicked_too() {
    for size in SIZES {
        // A list: the cursor, then the choice.
        let mut scene = opened("3p", size);
        click(&mut scene, "mnist-record");
        let list: &List = scene.lab.overlay_of().unwrap();
        assert!(list.cursor > 0);
        click(&mut scene, "mnist-record");
        assert!(scene.lab.overlay.is_none());
        assert_eq!(scene.lab.preset.name, "mnist-record");

        // Forms: the row, and no more however often.
        let mut scene = opened("4e", size);
        for _ in 0..2 {
            click(&mut scene, "batch_size");
            let form: &convscope::overlays::Form<RecipeDraft> = scene.lab.overlay_of().unwrap();
            assert_eq!(form.current().unwrap().setting.field.label(), "batch_size");
        }
        let mut scene = opened("3e", size);
        click(&mut scene, "kernel");
        let form: &convscope::overlays::Form<LayerDraft> = scene.lab.overlay_of().unwrap();
        assert_eq!(form.current().unwrap().setting.field.name, "kernel");

        // Questions.
        let mut scene = opened("4R", size);
        click(&mut scene, "keep them");
        assert!(scene.lab.overlay.is_none());
        assert!(scene.lab.run.is_some());
        scene.keys("R");
        click(&mut scene, "reset them");
        assert!(scene.lab.run.is_none());

        // The text, where letters go then.
        let mut scene = opened("3t", size);
        click(&mut scene, "name:");
        scene.keys("#");
        let text: &NetworkText = scene.lab.overlay_of().unwrap();
        assert!(
            text.lines().iter().any(|line| line.starts_with("#name:")),
            "{:?}",
            text.lines()
        );
    }
}

#[test]
fn the_wheel_is_the_arrow_keys_and_m_gives_the_mouse_back() {
    let mut scene = opened("3", (80, 24));
    let layer = |scene: &Scene| scene.lab.cursors.layer;
    for (wheel, at) in [
        (MouseEventKind::ScrollDown, 1),
        (MouseEventKind::ScrollDown, 2),
        (MouseEventKind::ScrollUp, 1),
    ] {
        scene.mouse_event(wheel, 20, 10);
        assert_eq!(layer(&scene), at);
    }
    assert!(scene.wants_mouse());
    scene.keys("M");
    assert!(!scene.wants_mouse());
    scene.mouse_event(MouseEventKind::ScrollDown, 20, 10);
    click(&mut scene, "relu ");
    assert_eq!((layer(&scene), scene.lab.pane), (1, PaneId::Network));
    scene.keys("M");
    click(&mut scene, "relu ");
    assert!(layer(&scene) > 1);
    // What a key did in between makes the next click a first one again.
    scene.key(KeyCode::Up);
    let at = layer(&scene);
    click(&mut scene, "relu ");
    assert_eq!((layer(&scene), scene.lab.pane), (at + 1, PaneId::Network));
}
