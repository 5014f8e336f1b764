//! Names of what a chain records of itself.

use super::words;
use crate::records::chain::{ForkCause, HeldDecision, SessionEnd, SignInMethod};

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

words!(ForkCause {
    Self::Restored => "手机被恢复或回退", "the phone was restored or put back";
    Self::Copied => "手机的副本也在记录", "a copy of the phone went on beside it";
    Self::StolenKey => "密钥落入他人之手", "somebody else had its key";
    Self::Fault => "软件故障", "a fault in the software";
    Self::Unknown => "未能查明", "could not be found out";
});
