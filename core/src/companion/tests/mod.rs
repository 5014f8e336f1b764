mod again;
mod drafts;
mod enrolling;
mod handover;
mod roots;
mod signing_in;
mod world;
