//! What is captured and what is not, as tables; everything captured is stamped, signed, judged and folded as it would be for real.

mod attendance;
mod drafts;
mod gather;
mod handover;
mod headquarters;
mod incident;
mod lawful;
mod remark;
mod round;
mod session;
mod site;
mod world;
