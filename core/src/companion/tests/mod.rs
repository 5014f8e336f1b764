mod again;
mod drafts;
mod enrolling;
mod handover;
mod signing_in;
mod world;
