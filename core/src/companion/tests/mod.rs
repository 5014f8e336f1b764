mod again;
mod signing_in;
mod world;
