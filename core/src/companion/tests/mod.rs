mod again;
mod handover;
mod signing_in;
mod world;
