package io.sekisho.mail.report;

import io.sekisho.mail.address.EnhancedStatus;

/** Why a message was not delivered, in words: what happened, and what the sender can do (status codes of RFC 3463 and after). */
enum Cause {
    NO_MAILBOX(
            "The recipient's mail server has no such address.",
            "Check the spelling of the address, or ask the recipient for the current one, and send the message again.",
            "宛先のメールサーバーに、このアドレスはありません。",
            "アドレスの綴りを確かめるか、相手に今のアドレスを尋ねて、送り直してください。"),
    BAD_ADDRESS(
            "The recipient's mail server does not understand the address.",
            "Check the address for missing or extra characters, such as blanks or commas, and send the message again.",
            "宛先のメールサーバーが、このアドレスの書き方を受け付けませんでした。",
            "空白やカンマなど、余分な文字や足りない文字がないか確かめて、送り直してください。"),
    NO_DOMAIN(
            "The domain of the address, the part after the @, does not exist or takes no mail.",
            "Check the part after the @. If it is right, tell the recipient by another way.",
            "アドレスの@より後のドメインは、存在しないか、メールを受け取りません。",
            "@より後の綴りを確かめてください。正しければ、別の手段で相手に知らせてください。"),
    MAILBOX_OFF(
            "The recipient's mailbox exists, but is switched off.",
            "Tell the recipient by another way, or write to somebody else there.",
            "宛先のメールボックスは停止されています。",
            "別の手段で相手に知らせるか、同じ組織の別の人に送ってください。"),
    MAILBOX_FULL(
            "The recipient's mailbox is full.",
            "Tell the recipient by another way, and send the message again when there is room.",
            "宛先のメールボックスがいっぱいです。",
            "別の手段で相手に知らせ、空きができてから送り直してください。"),
    TOO_LARGE(
            "The message is larger than the recipient's mail server takes.",
            "Make the attachments smaller or share them in another way, and send the message again.",
            "メッセージが、宛先のメールサーバーの受け取る大きさを超えています。",
            "添付ファイルを小さくするか別の方法で渡して、送り直してください。"),
    NO_ANSWER(
            "The recipient's mail server did not answer.",
            "Send the message again later. If it fails again, tell the recipient by another way: their administrator can look into it.",
            "宛先のメールサーバーが応答しませんでした。",
            "時間をおいて送り直してください。それでも届かなければ、別の手段で相手に知らせ、相手の管理者に調べてもらってください。"),
    LOOP(
            "The message went in a circle between mail servers.",
            "Tell the recipient by another way: a forwarding there leads back to itself, and their administrator can mend it.",
            "メッセージがメールサーバーの間を回り続けました。",
            "別の手段で相手に知らせてください。相手側の転送が自分に戻る設定になっており、相手の管理者が直せます。"),
    EXPIRED(
            "The message could not be delivered in the time for which delivery is tried.",
            "Send the message again, or tell the recipient by another way.",
            "配送を試みる期間のうちに、届けることができませんでした。",
            "もう一度送るか、別の手段で相手に知らせてください。"),
    TOO_MANY(
            "The recipient's mail server takes no more messages or recipients at a time.",
            "Send the message to fewer recipients at a time, with some time between.",
            "宛先のメールサーバーが一度に受け取る通数か宛先の数を超えました。",
            "時間をおき、宛先を減らして送り直してください。"),
    SERVER_TROUBLE(
            "The recipient's mail server has trouble of its own.",
            "Send the message again later. If it fails again, tell the recipient by another way.",
            "宛先のメールサーバーの側に障害があります。",
            "時間をおいて送り直してください。それでも届かなければ、別の手段で相手に知らせてください。"),
    FORM_NOT_TAKEN(
            "The recipient's mail server cannot take the message in its form, such as addresses with other than ASCII letters.",
            "Use an address with ASCII letters only, or send the message as plain text.",
            "英数字以外を含むアドレスなど、メッセージの形を宛先のメールサーバーが扱えません。",
            "英数字だけのアドレスに送るか、テキスト形式で送り直してください。"),
    NOT_ENCRYPTED(
            "The message must travel over an encrypted and checked connection, and the recipient's mail server gave none.",
            "Tell your administrator: the encryption of the recipient's mail server, or your rule for it, needs a look.",
            "暗号化と証明書の確認が必要ですが、宛先のメールサーバーとの間でできませんでした。",
            "管理者に知らせてください。宛先のメールサーバーの暗号化か、こちらの暗号化の設定を調べる必要があります。"),
    NOT_AUTHENTICATED(
            "The recipient's mail server could not confirm that the message comes from your domain.",
            "Tell your administrator: SPF, DKIM and DMARC of your domain need a look.",
            "宛先のメールサーバーが、送信元のドメインから来たメッセージであることを確認できませんでした。",
            "管理者に知らせてください。ドメインのSPF、DKIM、DMARCの設定を調べる必要があります。"),
    REFUSED_BY_RULE(
            "The recipient's mail server refused the message by a rule of its own.",
            "Its reply below may say which. Tell the recipient by another way: their administrator can let it through.",
            "宛先のメールサーバーが、その規則によってメッセージを拒否しました。",
            "下の応答に理由があれば、それに従ってください。別の手段で相手に知らせれば、相手の管理者が通せることがあります。"),
    NOT_TAKEN(
            "The recipient's mail server did not take the message.",
            "Its reply below may say why. If not, tell the recipient by another way.",
            "宛先のメールサーバーがメッセージを受け取りませんでした。",
            "下の応答に理由があれば、それに従ってください。なければ、別の手段で相手に知らせてください。");

    private final String english;
    private final String englishRemedy;
    private final String japanese;
    private final String japaneseRemedy;

    Cause(String english, String englishRemedy, String japanese, String japaneseRemedy) {
        this.english = english;
        this.englishRemedy = englishRemedy;
        this.japanese = japanese;
        this.japaneseRemedy = japaneseRemedy;
    }

    String english() {
        return english;
    }

    String englishRemedy() {
        return englishRemedy;
    }

    String japanese() {
        return japanese;
    }

    String japaneseRemedy() {
        return japaneseRemedy;
    }

    /** The cause that a status names. */
    static Cause of(EnhancedStatus status) {
        return switch (status.subject()) {
            case 1 ->
                switch (status.detail()) {
                    case 1, 4, 6 -> NO_MAILBOX;
                    case 2, 10 -> NO_DOMAIN;
                    case 3 -> BAD_ADDRESS;
                    default -> NOT_TAKEN;
                };
            case 2 ->
                switch (status.detail()) {
                    case 1 -> MAILBOX_OFF;
                    case 2 -> MAILBOX_FULL;
                    case 3 -> TOO_LARGE;
                    default -> NOT_TAKEN;
                };
            case 3 -> status.detail() == 4 ? TOO_LARGE : SERVER_TROUBLE;
            case 4 ->
                switch (status.detail()) {
                    case 4 -> NO_DOMAIN;
                    case 5 -> SERVER_TROUBLE;
                    case 6 -> LOOP;
                    case 7 -> EXPIRED;
                    default -> NO_ANSWER;
                };
            case 5 -> status.detail() == 3 ? TOO_MANY : SERVER_TROUBLE;
            case 6 -> FORM_NOT_TAKEN;
            case 7 -> security(status.detail());
            default -> NOT_TAKEN;
        };
    }

    /** RFC 7372 has 20 to 25, RFC 7505 has 27, RFC 8689 has 30. */
    private static Cause security(int detail) {
        return switch (detail) {
            case 4, 5, 10, 11, 30 -> NOT_ENCRYPTED;
            case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> NOT_AUTHENTICATED;
            default -> REFUSED_BY_RULE;
        };
    }
}
