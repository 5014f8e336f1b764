package androidx.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What the code generated for Android asks of Android, to compile against; no part of the package. */
@Retention(RetentionPolicy.CLASS)
public @interface RequiresApi {
    int value();
}
