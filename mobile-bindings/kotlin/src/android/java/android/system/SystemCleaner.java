package android.system;

import java.lang.ref.Cleaner;

/** What the code generated for Android asks of Android, to compile against; no part of the package. */
public final class SystemCleaner {
    private SystemCleaner() {}

    public static Cleaner cleaner() {
        return Cleaner.create();
    }
}
