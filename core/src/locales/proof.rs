//! What is wrong with a proof, in words.

use super::words;
use crate::log::ProofError;

words!(ProofError {
    Self::NotAProof => "这不是证明文件", "this is not a proof";
    Self::Form(_) => "证明文件的格式不正确", "the file does not have a proof's form";
    Self::Certificate(_) => "其中一份证书不能由根公钥证实", "a certificate does not lead to the root key";
    Self::Seal(_) => "记录所在的段没有经认证设备的有效签名", "no certified device sealed the segment of the entry";
    Self::BrokenLink => "从记录到签名的段首不相连", "the headers do not lead from the entry to the signature";
    Self::NotInSegment => "记录不在所签的段内：内容被改动过", "the entry is not in the segment that was sealed: it was changed";
    Self::Statement(_) => "本人签名无效", "the person's own signature is not good";
    Self::Receipt(_) => "服务器没有签过这份回执", "the server did not sign the receipt";
    Self::OtherReceipt => "回执属于另一段", "the receipt is another segment's";
    Self::NotInLog => "回执不能证明该段在日志中的位置", "the receipt does not prove the segment's place in the log";
    Self::NoFork => "两条记录不构成分叉", "the two entries are no fork";
});
