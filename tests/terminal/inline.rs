//! Commands that draw where they print to a terminal.

use super::{PRESET, Terminal, fs};
use convscope::data;

#[test]
fn statistics_and_explanations_are_drawn_in_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let mut terminal = Terminal::run(&["data", "stats", "mnist-starter"], folder, (100, 60));
    terminal.wait_for(&["▀", "mean training image of each class", "brightness"]);
    assert_eq!(terminal.wait_for_end(), 0);
    assert!(!terminal.screen.screen().alternate_screen());

    fs::write(folder.join("quick.yaml"), PRESET).unwrap();
    let train = [
        "train",
        "quick.yaml",
        "--data",
        "mnist-starter",
        "--quiet",
        "--threads",
        "2",
    ];
    let mut terminal = Terminal::run(&train, folder, (100, 30));
    terminal.wait_for(&["best validation accuracy"]);
    assert_eq!(terminal.wait_for_end(), 0);
    let run = fs::read_dir(folder.join("runs"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let run = run.to_str().unwrap();
    let digits = data::load(Some("mnist-starter")).unwrap();
    let image = image::GrayImage::from_raw(28, 28, digits.test().image_u8(0)).unwrap();
    image.save(folder.join("digit.png")).unwrap();
    for (options, parts) in [
        (
            &["digit.png"][..],
            [
                "digit.png",
                "orange for, blue against",
                "integrated_gradients: class ",
            ],
        ),
        (
            &["digit.png", "--method", "activations", "--layer", "conv2d"],
            ["0", "3", "activations: conv2d, 4 maps of 28×28"],
        ),
        (
            &[
                "--method",
                "exciting",
                "--layer",
                "relu",
                "--data",
                "mnist-starter",
            ],
            ["exciting: filter 0 of relu", "test image ", "it sees rows"],
        ),
    ] {
        let all = [&["explain", run], options].concat();
        let mut terminal = Terminal::run(&all, folder, (100, 60));
        terminal.wait_for(&[&["▀"], &parts[..]].concat());
        assert_eq!(terminal.wait_for_end(), 0);
    }
}
