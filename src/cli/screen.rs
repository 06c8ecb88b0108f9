//! Without a subcommand: the laboratory on the screen.

use clap::Args;
use color_eyre::eyre::eyre;

use super::arguments::PlaceArguments;
use super::failure::Failure;

#[derive(Debug, Args)]
pub struct ScreenArguments {
    #[command(flatten)]
    pub places: PlaceArguments,
}

/// Opens the screen and stays until the user leaves it.
pub fn open(arguments: ScreenArguments) -> Result<(), Failure> {
    let ScreenArguments { places } = arguments;
    Err(Failure::Failed(eyre!(
        "the screen is not part of this build (asked for {places:?}); `convscope train` trains without it"
    )))
}
