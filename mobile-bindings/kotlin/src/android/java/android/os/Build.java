package android.os;

/** What the code generated for Android asks of Android, to compile against; no part of the package. */
public final class Build {
    private Build() {}

    public static final class VERSION {
        /** Known on the phone alone: no constant, or the compiler would decide now. */
        public static final int SDK_INT = Integer.getInteger("android.sdk", 0);

        private VERSION() {}
    }

    public static final class VERSION_CODES {
        public static final int UPSIDE_DOWN_CAKE = 34;

        private VERSION_CODES() {}
    }
}
