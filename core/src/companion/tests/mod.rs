mod again;
mod drafts;
mod handover;
mod signing_in;
mod world;
