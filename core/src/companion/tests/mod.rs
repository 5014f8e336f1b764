mod again;
mod drafts;
mod enrolling;
mod handover;
mod pausing;
mod roots;
mod signing_in;
mod world;
