//! Names of what a chain records of itself.

use super::words;
use crate::records::chain::{HeldDecision, SessionEnd, SignInMethod};

words!(SignInMethod {
    Self::Pin => "PIN 码", "PIN";
    Self::Biometric => "指纹或人脸", "fingerprint or face";
    Self::Provisional => "值班长临时担保", "vouched for by the lead";
    Self::Console => "控制台登录", "console sign-in";
});

words!(SessionEnd {
    Self::SignedOut => "本人退出", "signed out";
    Self::Switched => "换人使用", "another person took over";
    Self::Idle => "长时间未使用", "not used for a time";
    Self::Restarted => "手机重启", "phone restarted";
});

words!(HeldDecision {
    Self::Accepted => "采信", "accepted";
    Self::Excluded => "不采信，仅留存", "kept but excluded";
});
