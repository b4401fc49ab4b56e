# Java's sqlite-jdbc: enable_load_extension=true in the properties, then load_extension in SQL.
. "$(dirname "$0")/common"
need javac
need mvn
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<dependencies><dependency><groupId>org.xerial</groupId><artifactId>sqlite-jdbc</artifactId><version>3.46.1.3</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars >mvn.log 2>&1 || lacks "maven: $(grep ERROR mvn.log | head -n 1)"
cat >Gmv.java <<'JAVA'
import java.sql.*;
public class Gmv {
  public static void main(String[] a) throws Exception {
    java.util.Properties p = new java.util.Properties();
    p.setProperty("enable_load_extension", "true");
    try (Connection c = DriverManager.getConnection("jdbc:sqlite::memory:", p); Statement s = c.createStatement()) {
      s.execute("SELECT load_extension('" + a[0] + "')");
      ResultSet r = s.executeQuery("SELECT gmv(column1) FROM (VALUES (1), (2))");
      if (r.getLong(1) != 3) throw new Exception("not 3");
    }
  }
}
JAVA
javac Gmv.java
java -cp "jars/*:." Gmv "$SIYU"
